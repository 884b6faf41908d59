// Why tasks failed: those that stand at `failed`, grouped by the kind of their error. Read again when the stream of
// cluster changes says that their number is another one.

import { watchThrottled } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'

import { answer, http, type FailureGroup } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

import { useClock } from './clock'
import { useCluster } from './cluster'
import { useReread } from './reread'

const REREAD_MS = 3000
export const WEEK_MS = 7 * 86_400_000

/** A group, and the time of submit from which on its tasks are counted. */
export type CountedFailures = FailureGroup & { since: string }

/** To be called in a page that watches the cluster; an empty type means all. */
export function useFailures(taskType: () => string) {
  const cluster = useCluster()
  const clock = useClock()
  const groups = shallowRef<CountedFailures[]>([])
  /** Set where there are more failed tasks than one answer looks at: of those submitted before, nothing is known. */
  const lookedBackTo = shallowRef<string>()
  /** How many tasks stood at `failed` when the groups were read. */
  const failedThen = shallowRef<number>()
  const isLoaded = shallowRef(false)
  const problem = shallowRef<Problem>()
  let round = 0

  async function load(): Promise<void> {
    const mine = ++round
    try {
      const task_type = taskType()
      const start_time = new Date(clock.exactly() - WEEK_MS).toISOString()
      const query = { start_time, ...(task_type ? { task_type } : {}) }
      const found = await answer(http.GET('/api/v1/failures', { params: { query } }))
      if (mine !== round) return
      failedThen.value = statesNow()?.failed
      groups.value = found.failures.map((group) => ({ ...group, since: found.looked_back_to ?? start_time }))
      lookedBackTo.value = found.looked_back_to
      problem.value = undefined
      isLoaded.value = true
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    }
  }

  const countsNow = () => (taskType() ? cluster.overview?.types.find((one) => one.task_type === taskType()) : cluster.overview)
  const statesNow = () => countsNow()?.states

  function failedNow(): string {
    const of = countsNow()
    return of ? `${of.states?.failed} ${of.failed_last_day}` : ''
  }

  /** By how many the failed tasks have become more, or fewer, since the groups were read. */
  const more = computed(() => (failedThen.value === undefined ? 0 : (statesNow()?.failed ?? failedThen.value) - failedThen.value))

  watch(taskType, () => void load(), { immediate: true })
  useReread(() => problem.value, load)
  watchThrottled(failedNow, (_, before) => before && void load(), { throttle: REREAD_MS, trailing: true })

  return { groups, more, lookedBackTo, isLoaded, problem, load }
}

/** The list of the tasks that were counted, as part of its URL. */
export function countedTasks({ task_type, fingerprint, since }: { task_type: string; fingerprint: string; since: string }) {
  return { state: 'failed', type: task_type, error_fingerprint: fingerprint, submit_time_start: since }
}

/** What makes a group one of its own. */
export const groupKey = (group: FailureGroup): string => `${group.task_type} ${group.fingerprint} ${group.reason}`
