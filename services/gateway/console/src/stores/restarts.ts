// Restarts all tasks of a group of failures, a few at a time, each with its own result.

import { computed, ref, shallowReactive, shallowRef } from 'vue'

import { answer, http, type Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

import type { CountedFailures } from './failures'
import { useTasks, type CommandFacts } from './tasks'

/** Browsers open six connections to a site, and the page's streams need theirs. */
const AT_ONCE = 3
const PAGE = 200

export interface RestartResult {
  taskId: string
  /** Why it was refused; absent when the task was restarted. */
  problem?: Problem
}

export function useRestarts() {
  const tasks = useTasks()
  const results = shallowReactive(new Map<string, RestartResult>())
  const isRunning = ref(false)
  /** Why the tasks of the group could not be listed. */
  const problem = shallowRef<Problem>()
  let isStopped = false

  async function run(group: CountedFailures, facts: CommandFacts): Promise<void> {
    results.clear()
    isStopped = false
    isRunning.value = true
    problem.value = undefined
    try {
      let pageToken = ''
      do {
        const page = await pageOf(group, pageToken)
        await restartAll(page.tasks, facts)
        pageToken = page.next_page_token
      } while (pageToken && !isStopped)
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      isRunning.value = false
    }
  }

  function pageOf(group: CountedFailures, pageToken: string) {
    const { task_type, fingerprint, since } = group
    const query = {
      page_size: PAGE,
      task_status: ['failed' as const],
      task_type: [task_type],
      error_fingerprint: fingerprint,
      // Older ones were not counted, so nobody has asked for them.
      submit_time_start: since,
      ...(pageToken ? { page_token: pageToken } : {}),
    }
    return answer(http.GET('/api/v1/tasks', { params: { query } }))
  }

  async function restartAll(found: Task[], facts: CommandFacts): Promise<void> {
    const left = [...found]
    const work = async () => {
      for (let task = left.shift(); task && !isStopped; task = left.shift()) {
        results.set(task.task_id, await restart(task, facts))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }

  async function restart(task: Task, facts: CommandFacts): Promise<RestartResult> {
    try {
      // The version: a task that somebody else has restarted meanwhile is not restarted twice.
      await tasks.command(task.task_id, 'restart', { ...facts, version: task.version })
      return { taskId: task.task_id }
    } catch (error) {
      return { taskId: task.task_id, problem: asProblem(error) }
    }
  }

  const refused = computed(() => [...results.values()].filter((one) => one.problem))
  const restarted = computed(() => results.size - refused.value.length)
  const stop = () => void (isStopped = true)

  return { results, refused, restarted, isRunning, problem, run, stop }
}
