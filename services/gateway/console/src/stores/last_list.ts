// The list of tasks that was looked at last, so that its tasks can be opened one after the other.

import { useSessionStorage } from '@vueuse/core'
import { defineStore } from 'pinia'

/** Of longer lists, only their beginning is remembered. */
const MOST = 1000

export const useLastList = defineStore('last_list', () => {
  const ids = useSessionStorage<string[]>('asynctask.last_list', [])

  function note(shown: readonly string[]): void {
    ids.value = shown.slice(0, MOST)
  }

  /** The task before or after another one in the list; undefined at its ends, and for a task that is not in it. */
  function beside(taskId: string, step: 1 | -1): string | undefined {
    const index = ids.value.indexOf(taskId)
    return index < 0 ? undefined : ids.value[index + step]
  }

  return { note, beside }
})
