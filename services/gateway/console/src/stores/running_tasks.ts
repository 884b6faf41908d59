// The tasks that run now, kept true by a stream.

import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'

import type { Task, TaskState } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

import { BEGINS_WITHIN_MS, useTasks } from './tasks'

/** Of more, only the newest are shown. */
const MOST = 500
const QUERY = { states: ['running'] as TaskState[] }
/** A task that ends before the stream speaks again is seen by its last state alone. */
const WITH_ENDS = { states: ['running', 'completed', 'failed', 'cancelled'] as TaskState[] }
const MOST_ENDED = 50

const isRunning = (task: Task) => task.task_status === 'running' && !task.deleted

export const useRunningTasks = defineStore('running_tasks', () => {
  const tasks = useTasks()
  const ids = shallowReactive(new Set<string>())
  const isLoaded = ref(false)
  const problem = shallowRef<Problem>()
  /** Tasks that ended while the page looked, the latest first. */
  const endedIds = shallowRef<string[]>([])

  /** Keeps them up to date until the returned function is called; `ended` too, if asked for. */
  function watch(isWithEnds = false): () => void {
    let isWatching = true
    let isReading = false
    const heard = new Set<string>()
    const onTask = (task: Task) => {
      if (isReading) heard.add(task.task_id)
      note(task)
    }
    // The stream begins first, so that nothing is missed between the list and it.
    let isRead = false
    const onBegin = () => void load()
    const stop = tasks.watchMany(isWithEnds ? WITH_ENDS : QUERY, { onTask, onGap: () => void load(), onBegin })
    const late = setTimeout(() => isRead || void load(), BEGINS_WITHIN_MS)
    async function load(): Promise<void> {
      isRead = isReading = true
      heard.clear()
      problem.value = undefined
      try {
        let page = await tasks.list(QUERY)
        const found = page.tasks.map((task) => task.task_id)
        while (page.next_page_token && found.length < MOST && isWatching) {
          page = await tasks.list(QUERY, page.next_page_token)
          found.push(...page.tasks.map((task) => task.task_id))
        }
        if (!isWatching) return
        // What ran before and is not among them has ended, unless the stream has told of it meanwhile.
        const kept = new Set([...found, ...heard])
        if (!page.next_page_token) for (const id of [...ids]) if (!kept.has(id)) ids.delete(id)
        found.forEach((id) => ids.add(id))
        isLoaded.value = true
      } catch (error) {
        problem.value = asProblem(error)
      } finally {
        isReading = false
      }
    }
    return () => {
      isWatching = false
      clearTimeout(late)
      stop()
      ids.clear()
      endedIds.value = []
    }
  }

  function note(task: Task): void {
    if (isRunning(task)) ids.add(task.task_id)
    else ids.delete(task.task_id)
    if (!task.end_time && !task.deleted) return
    const others = endedIds.value.filter((id) => id !== task.task_id)
    endedIds.value = (task.deleted ? others : [task.task_id, ...others]).slice(0, MOST_ENDED)
  }

  const all = computed(() =>
    [...ids].map((id) => tasks.byId.get(id)).filter((task): task is Task => task !== undefined && isRunning(task)),
  )

  const ended = computed(() => endedIds.value.map((id) => tasks.byId.get(id)).filter((task) => task !== undefined))

  return { all, ended, isLoaded, problem, watch }
})
