// What is being filled in on the page Submit, by task type, so that a look at another page loses nothing. It ends with
// the browser's tab, since a config may hold secrets.

import { useSessionStorage, useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'

export interface Draft {
  /** The config, as JSON text. */
  config: string
  /** Empty where the scheduler fills it in. */
  title: string
  priority?: number
  queue: string
  labels: { key: string; value: string }[]
  /** Earliest start, as an instant; empty for at once. */
  startTime: string
}

const LAST_TYPES = 5

/** Its labels without rows that nothing was written into. */
export const givenLabels = (draft: Draft) => draft.labels.filter(({ key, value }) => key || value)

export const useDrafts = defineStore('drafts', () => {
  const byType = useSessionStorage<Record<string, Draft>>('asynctask.drafts', {})
  /** Types that were submitted last from this browser, the latest first. */
  const lastTypes = useStorage<string[]>('asynctask.last_types', [])

  function of(taskType: string): Draft {
    byType.value[taskType] ??= { config: '{}', title: '', queue: '', labels: [], startTime: '' }
    return byType.value[taskType]
  }

  function forget(taskType: string): void {
    const { [taskType]: _, ...others } = byType.value
    byType.value = others
  }

  function noteSubmitted(taskType: string): void {
    lastTypes.value = [taskType, ...lastTypes.value.filter((one) => one !== taskType)].slice(0, LAST_TYPES)
  }

  return { lastTypes, of, forget, noteSubmitted }
})
