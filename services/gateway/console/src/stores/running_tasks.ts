// The tasks that run now, kept true by a stream.

import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'

import type { Task, TaskState } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

import { AGAIN_MS } from './reread'
import { BEGINS_WITHIN_MS, useTasks } from './tasks'

/** Of more, only the newest are shown; the oldest go when there are a tenth more. */
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
  /** While there are as many as are shown, those before it are not. */
  let oldest = ''

  /** Keeps them up to date until the returned function is called; `ended` too, if asked for. */
  function watch(isWithEnds = false): () => void {
    let round = 0
    let isReading = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const heard = new Set<string>()
    const onTask = (task: Task) => {
      if (isReading) heard.add(task.task_id)
      note(task)
    }
    // The stream begins first, so that nothing is missed between the list and it.
    const stop = tasks.watchMany(isWithEnds ? WITH_ENDS : QUERY, { onTask, onBegin: () => void load() })
    const letGo = tasks.keep(() => [...ids, ...endedIds.value])
    timer = setTimeout(() => void load(), BEGINS_WITHIN_MS)
    async function load(): Promise<void> {
      const mine = ++round
      clearTimeout(timer)
      isReading = true
      heard.clear()
      problem.value = undefined
      try {
        let page = await tasks.list(QUERY)
        const found = page.tasks.map((task) => task.task_id)
        while (page.next_page_token && found.length < MOST && mine === round) {
          page = await tasks.list(QUERY, page.next_page_token)
          found.push(...page.tasks.map((task) => task.task_id))
        }
        if (mine !== round) return
        // What ran before and is not among them has ended, unless the stream has told of it meanwhile.
        const kept = new Set([...found, ...heard])
        if (!page.next_page_token) for (const id of [...ids]) if (!kept.has(id)) ids.delete(id)
        found.forEach(add)
        isLoaded.value = true
      } catch (error) {
        if (mine !== round) return
        problem.value = asProblem(error)
        if (!problem.value.isForGood) timer = setTimeout(() => void load(), AGAIN_MS)
      } finally {
        if (mine === round) isReading = false
      }
    }
    return () => {
      round += 1
      clearTimeout(timer)
      stop()
      letGo()
      ids.clear()
      endedIds.value = []
    }
  }

  function note(task: Task): void {
    if (isRunning(task)) add(task.task_id)
    else ids.delete(task.task_id)
    if (!task.end_time && !task.deleted) return
    const others = endedIds.value.filter((id) => id !== task.task_id)
    endedIds.value = (task.deleted ? others : [task.task_id, ...others]).slice(0, MOST_ENDED)
  }

  /** Ids are in the order of submit. */
  function add(id: string): void {
    if (ids.size >= MOST && id < oldest) return
    ids.add(id)
    if (ids.size <= MOST * 1.1) return
    const sorted = [...ids].sort()
    sorted.slice(0, -MOST).forEach((one) => ids.delete(one))
    oldest = sorted.at(-MOST) ?? ''
  }

  const all = computed(() =>
    [...ids].map((id) => tasks.byId.get(id)).filter((task): task is Task => task !== undefined && isRunning(task)),
  )

  const ended = computed(() => endedIds.value.map((id) => tasks.byId.get(id)).filter((task) => task !== undefined))

  return { all, ended, isLoaded, problem, watch }
})
