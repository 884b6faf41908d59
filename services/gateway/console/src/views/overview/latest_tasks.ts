// The tasks that failed and completed last: a page of each, and what ends while the page is open.

import { computed, shallowRef } from 'vue'

import { endOf } from '@/format/failures'
import { stateOf } from '@/format/state'
import { useRunningTasks } from '@/stores/running_tasks'
import { useTasks } from '@/stores/tasks'
import type { Task, TaskState } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

export function useLatestTasks() {
  const tasks = useTasks()
  const running = useRunningTasks()
  const known = shallowRef<string[]>([])
  /** Whether there are more failed tasks than were loaded. */
  const hasMoreFailed = shallowRef(false)
  const isLoaded = shallowRef(false)
  const problem = shallowRef<Problem>()

  async function load(): Promise<void> {
    problem.value = undefined
    try {
      const [failed, completed] = await Promise.all([tasks.list({ states: ['failed'] }), tasks.list({ states: ['completed'] })])
      known.value = [...failed.tasks, ...completed.tasks].map((task) => task.task_id)
      hasMoreFailed.value = !!failed.next_page_token
      isLoaded.value = true
    } catch (error) {
      problem.value = asProblem(error)
    }
  }
  void load()

  const all = computed(() => {
    const ids = new Set([...running.ended.map((task) => task.task_id), ...known.value])
    const rows = [...ids].map((id) => tasks.byId.get(id)).filter((task): task is Task => task !== undefined && !task.deleted)
    return rows.sort((a, b) => endOf(b) - endOf(a))
  })
  const inState = (state: TaskState) => all.value.filter((task) => stateOf(task) === state)
  const failed = computed(() => inState('failed'))
  const completed = computed(() => inState('completed'))

  return { failed, completed, hasMoreFailed, isLoaded, problem, load }
}
