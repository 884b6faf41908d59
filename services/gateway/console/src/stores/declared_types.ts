// The task types of the cluster for an open page: read at once, and again when an executor declares one that is new.

import { computed, shallowRef, watch } from 'vue'

import { asProblem, type Problem } from '@/transport/problem'

import { useCluster } from './cluster'
import { useReread } from './reread'
import { useTaskTypes } from './task_types'

/** To be called in a page that watches the cluster. */
export function useDeclaredTypes() {
  const types = useTaskTypes()
  const cluster = useCluster()
  const problem = shallowRef<Problem>()

  async function load(): Promise<void> {
    problem.value = undefined
    try {
      await types.load()
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  const declared = computed(() => new Set([...cluster.executors.values()].flatMap((one) => one.task_types)))
  watch(
    () => [...declared.value].sort().join('\n'),
    () => void load(),
    { immediate: true },
  )

  useReread(() => problem.value, load)

  return { types, problem, load }
}
