// What happened to tasks over time, for an open page. Nothing polls: the stream of cluster changes says that something
// happened, and a series is read again when a minute is over in which that was so, or when its last step is over.

import { useDocumentVisibility } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'

import { answer, http, type Series } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

import { useClock } from './clock'
import { useCluster } from './cluster'
import { useReread } from './reread'

const MINUTE_MS = 60_000

export interface SeriesQuery {
  /** Empty for all types. */
  taskType: string
  spanMs: number
}

/** To be called in a page that watches the cluster. */
export function useSeries(query: () => SeriesQuery) {
  const clock = useClock()
  const cluster = useCluster()
  const visibility = useDocumentVisibility()
  const series = shallowRef<Series>()
  const problem = shallowRef<Problem>()
  /** Whether what is shown is still of the query before. */
  const isChanging = shallowRef(true)
  let round = 0
  let readMinute = 0
  let readOverview = cluster.overview

  async function load(): Promise<void> {
    const mine = ++round
    const { taskType, spanMs } = query()
    readMinute = minute.value
    readOverview = cluster.overview
    try {
      const start_time = new Date(clock.exactly() - spanMs).toISOString()
      const found = await answer(
        http.GET('/api/v1/series', { params: { query: { start_time, ...(taskType ? { task_type: taskType } : {}) } } }),
      )
      if (mine !== round) return
      series.value = Object.freeze(found)
      problem.value = undefined
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    } finally {
      if (mine === round) isChanging.value = false
    }
  }

  const minute = computed(() => Math.floor(clock.now / MINUTE_MS))

  function isDue(): boolean {
    if (minute.value === readMinute) return false
    const last = series.value?.points.at(-1)?.start_time
    const isStepOver = last !== undefined && clock.now >= Date.parse(last) + (series.value?.step_ms ?? 0)
    return isStepOver || cluster.overview !== readOverview
  }

  watch(
    () => JSON.stringify(query()),
    () => {
      isChanging.value = true
      void load()
    },
    { immediate: true },
  )
  // A tab that nobody sees reads nothing; it does so when it is looked at again.
  watch([minute, visibility], () => {
    if (visibility.value === 'visible' && isDue()) void load()
  })

  useReread(() => problem.value, load)

  return { series, problem, isChanging, load }
}
