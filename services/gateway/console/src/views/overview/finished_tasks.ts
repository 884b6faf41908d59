// The tasks that completed last: a page of them, and what completes while the page is open.

import { computed, onScopeDispose, shallowRef } from 'vue'

import { endOf, stateOf } from '@/format/state'
import { useReread } from '@/stores/reread'
import { useRunningTasks } from '@/stores/running_tasks'
import { useTasks } from '@/stores/tasks'
import type { Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

export function useFinishedTasks() {
  const tasks = useTasks()
  const running = useRunningTasks()
  const known = shallowRef<string[]>([])
  const isLoaded = shallowRef(false)
  const problem = shallowRef<Problem>()

  async function load(): Promise<void> {
    problem.value = undefined
    try {
      const page = await tasks.list({ states: ['completed'] })
      known.value = page.tasks.map((task) => task.task_id)
      isLoaded.value = true
    } catch (error) {
      problem.value = asProblem(error)
    }
  }
  void load()
  useReread(() => problem.value, load)
  onScopeDispose(tasks.keep(() => known.value))

  const completed = computed(() => {
    const ids = new Set([...running.ended.map((task) => task.task_id), ...known.value])
    const rows = [...ids].map((id) => tasks.byId.get(id)).filter((task): task is Task => task !== undefined && !task.deleted)
    return rows.filter((task) => stateOf(task) === 'completed').sort((a, b) => endOf(b) - endOf(a))
  })

  return { completed, isLoaded, problem, load }
}
