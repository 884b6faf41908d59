// The last tasks of a type, read again when the stream of cluster changes says that their numbers are others.

import { watchThrottled } from '@vueuse/core'
import { shallowRef, watch } from 'vue'

import type { Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

import { useCluster } from './cluster'
import { useReread } from './reread'
import { useTasks } from './tasks'

const MOST = 30
const REREAD_MS = 3000

/** To be called in a page that watches the cluster. */
export function useLastRuns(taskType: () => string) {
  const cluster = useCluster()
  const tasks = useTasks()
  const runs = shallowRef<Task[]>([])
  const problem = shallowRef<Problem>()
  let round = 0

  async function load(): Promise<void> {
    const mine = ++round
    try {
      const page = await tasks.list({ types: [taskType()] }, '', MOST)
      if (mine !== round) return
      runs.value = page.tasks
      problem.value = undefined
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    }
  }

  const counts = () => JSON.stringify(cluster.overview?.types.find((one) => one.task_type === taskType())?.states)

  watch(taskType, () => void load(), { immediate: true })
  useReread(() => problem.value, load)
  watchThrottled(counts, () => void load(), { throttle: REREAD_MS, trailing: true })

  return { runs, problem, load }
}
