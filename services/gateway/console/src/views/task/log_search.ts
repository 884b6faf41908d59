// What a search on the server finds in a log: places of the hits as they are found, and how far it has come.

import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { type LogFilter, type LogPlace, useLog } from '@/stores/log'
import type { Problem } from '@/transport/problem'

import type { LogSearchNews } from './log_found'
import { firstStep, placeOf } from './log_places'

/** A pause in typing after which the search begins. */
const SETTLED_MS = 300

export function useLogSearch(taskId: Ref<string>, filter: Ref<LogFilter>, text: Ref<string>) {
  const log = useLog()
  const hits = shallowRef<LogPlace[]>([])
  /** The hit that is stepped to. */
  const at = ref(-1)
  const lookedThrough = ref(0)
  const isSearching = ref(false)
  /** The search ended at the most hits that one may have. */
  const hasMore = ref(false)
  const problem = shallowRef<Problem>()
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined

  function begin(): void {
    stop()
    clearTimeout(timer)
    hits.value = []
    at.value = -1
    lookedThrough.value = 0
    hasMore.value = false
    problem.value = undefined
    isSearching.value = !!text.value
    if (text.value) timer = setTimeout(search, SETTLED_MS)
  }

  function search(): void {
    stop = log.search(taskId.value, filter.value, text.value, {
      onStep: (step) => {
        if (step.hits.length) hits.value = [...hits.value, ...step.hits.map((hit) => placeOf(hit.line!))]
        lookedThrough.value = step.looked_through
        hasMore.value = step.has_more
      },
      onEnd: () => (isSearching.value = false),
      onRefused: (refused) => (problem.value = refused),
    })
  }

  /** The next hit in a direction; the first step begins at what the reader sees. */
  function step(by: 1 | -1, seen: LogPlace | undefined): LogPlace | undefined {
    const count = hits.value.length
    if (!count) return undefined
    at.value = at.value < 0 ? firstStep(hits.value, by, seen) : (at.value + by + count) % count
    return hits.value[at.value]
  }

  watch([taskId, filter, text], begin, { immediate: true })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })

  const news = computed<LogSearchNews>(() => ({
    hits: hits.value.length,
    at: at.value,
    lookedThrough: lookedThrough.value,
    isSearching: isSearching.value,
    hasMore: hasMore.value,
  }))

  return { news, problem, step }
}
