// The list of tasks behind the page: loaded in pages, patched by the stream, and never moved by itself.

import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { type TaskQuery, useTasks } from '@/stores/tasks'
import { stateOf } from '@/format/state'
import type { Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

export function useTaskList(query: Ref<TaskQuery>) {
  const tasks = useTasks()
  const ids = shallowRef<string[]>([])
  /** Tasks that belong into the list and came while it was shown: they wait until the reader asks for them. */
  const fresh = ref(new Set<string>())
  const isLoading = ref(true)
  const problem = shallowRef<Problem>()
  const next = ref('')
  let stop = () => {}
  let round = 0

  const rows = computed(() => ids.value.map((id) => tasks.byId.get(id)).filter((task) => task !== undefined))

  async function load(): Promise<void> {
    const mine = ++round
    stop()
    isLoading.value = true
    problem.value = undefined
    // The stream begins first, so that nothing is missed between the page and it.
    stop = tasks.watchMany(query.value, { onTask: note, onGap: () => void load() })
    try {
      const page = await tasks.list(query.value)
      if (mine !== round) return
      ids.value = page.tasks.map((task) => task.task_id)
      next.value = page.next_page_token
      fresh.value = new Set([...fresh.value].filter((id) => !ids.value.includes(id) && (id > (ids.value[0] ?? ''))))
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    } finally {
      if (mine === round) isLoading.value = false
    }
  }

  async function more(): Promise<void> {
    if (isLoading.value || !next.value) return
    const mine = round
    isLoading.value = true
    try {
      const page = await tasks.list(query.value, next.value)
      if (mine !== round) return
      const known = new Set(ids.value)
      ids.value = [...ids.value, ...page.tasks.map((task) => task.task_id).filter((id) => !known.has(id))]
      next.value = page.next_page_token
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      if (mine === round) isLoading.value = false
    }
  }

  function note(task: Task): void {
    if (ids.value.includes(task.task_id)) {
      if (task.deleted) ids.value = ids.value.filter((id) => id !== task.task_id)
      return
    }
    if (matches(task, query.value) && !task.deleted) fresh.value.add(task.task_id)
    else fresh.value.delete(task.task_id)
  }

  watch(
    query,
    () => {
      fresh.value = new Set()
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    round += 1
    stop()
  })

  return { rows, fresh, isLoading, problem, hasMore: computed(() => !!next.value), load, more }
}

/** Whether a task belongs into a list. */
export function matches(task: Task, { states, types }: TaskQuery): boolean {
  if (states?.length && !states.includes(stateOf(task))) return false
  return !types?.length || types.includes(task.task_type)
}
