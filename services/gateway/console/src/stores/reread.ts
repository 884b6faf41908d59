// What could not be read is read again by itself, for as long as its page is open and seen: a page that somebody looks at for
// hours must not stay empty because of one bad moment.

import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'

import { asProblem, type Problem } from '@/transport/problem'

export const AGAIN_MS = 3000

/** Calls `load` a while after each problem that may pass. `load` sets another problem, or none. */
export function useReread(problem: () => Problem | undefined, load: () => unknown): void {
  const visibility = useDocumentVisibility()
  let timer: ReturnType<typeof setTimeout> | undefined
  watch([problem, visibility], ([now, seen]) => {
    clearTimeout(timer)
    if (now && !now.isForGood && seen === 'visible') timer = setTimeout(load, AGAIN_MS)
  })
  onScopeDispose(() => clearTimeout(timer))
}

/** Whether the part of the page that calls this is still there. */
export function useIsOpen(): () => boolean {
  let isOpen = true
  onScopeDispose(() => (isOpen = false))
  return () => isOpen
}

/** Reads until there is an answer; undefined where there will be none, or it is no longer wanted. */
export async function untilRead<T>(read: () => Promise<T>, isWanted: () => boolean): Promise<T | undefined> {
  while (isWanted()) {
    try {
      return await read()
    } catch (error) {
      if (asProblem(error).isForGood) return undefined
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
  return undefined
}
