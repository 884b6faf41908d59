// The tasks that the open page shows, kept true by one stream.

import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

import { answer, http, type Command, type Schemas, type Task } from '@/transport/http'
import { readEvents } from '@/transport/live_events'
import type { Problem } from '@/transport/problem'

import { useClock } from './clock'
import { useConnection } from './connection'
import { oncePerFrame } from './frames'
import { latestAndShown } from './kept_tasks'
import { restQuery, type TaskQuery } from './task_query'

export type { Command, TaskQuery }

export interface CommandFacts {
  reason?: string
  from?: 'start' | 'checkpoint'
  /** The version that the person saw; the command is refused if the task has changed since. */
  version?: number
  /** Repeated with the same id, the command is carried out once. */
  requestId?: string
}

/** A list waits so long for its stream. When the stream begins later, the list is read again. */
export const BEGINS_WITHIN_MS = 3000

export interface Watch {
  /** A task as it is now; it may be one that the filter no longer matches. */
  onTask?(task: Task): void
  /** The stream has begun: from now on no change is missed. It begins again where changes were missed. */
  onBegin?(): void
  onRefused?(problem: Problem): void
}

export const useTasks = defineStore('tasks', () => {
  const clock = useClock()
  const connection = useConnection()
  const byId = shallowReactive(new Map<string, Task>())
  /** When each task's progress last moved while this page looked, by the server's clock. */
  const movedAt = shallowReactive(new Map<string, number>())
  const kept = latestAndShown(forget)

  /** Takes a row unless a newer one is there; of equal versions the later has the newer progress. */
  function take(task: Task): boolean {
    const known = byId.get(task.task_id)
    if (known && known.version > task.version) return false
    if (known && hasMoved(known, task)) movedAt.set(task.task_id, clock.exactly())
    byId.set(task.task_id, Object.freeze(task))
    kept.note(task.task_id)
    return true
  }

  async function load(taskId: string): Promise<Task> {
    const path = { task_id: taskId }
    const task = await answer(http.GET('/api/v1/tasks/{task_id}', { params: { path, query: { view: 'full' } } }))
    take(task)
    return task
  }

  /** One page of a list, newest first. */
  async function list(query: TaskQuery, pageToken = '', pageSize = 100): Promise<Schemas['ListTasksResponse']> {
    const paging = { page_size: pageSize, ...(pageToken ? { page_token: pageToken } : {}) }
    const page = await answer(http.GET('/api/v1/tasks', { params: { query: { ...restQuery(query), ...paging } } }))
    page.tasks.forEach(take)
    return page
  }

  /** The whole task as the JSON text of the answer, in which no number is rounded. */
  const read = (taskId: string) =>
    answer<string>(
      http.GET('/api/v1/tasks/{task_id}', { params: { path: { task_id: taskId }, query: { view: 'full' } }, parseAs: 'text' }),
    )

  /** The last submitted task of a type, as `read` has it, within a list of at most one. */
  const readLast = (taskType: string) =>
    answer<string>(
      http.GET('/api/v1/tasks', { params: { query: { task_type: [taskType], page_size: 1, view: 'full' } }, parseAs: 'text' }),
    )

  const watchOne = (taskId: string, watch: Watch) =>
    follow(`/api/v1/tasks/${encodeURIComponent(taskId)}/watch?view=full`, watch)

  function watchMany(query: TaskQuery, watch: Watch): () => void {
    const search = new URLSearchParams()
    for (const [name, values] of Object.entries(restQuery(query))) {
      for (const value of [values].flat()) search.append(name, String(value))
    }
    return follow(`/api/v1/watch${search.size ? `?${search}` : ''}`, watch)
  }

  function follow(path: string, watch: Watch): () => void {
    const waiting = new Map<string, Task>()
    let hasBegun = false
    const applying = oncePerFrame(() => {
      for (const task of waiting.values()) if (take(task)) watch.onTask?.(task)
      waiting.clear()
    })
    const news = connection.begin()
    const close = readEvents(() => path, {
      onMessage: (message) => {
        news.onHeard()
        for (const task of (message as Schemas['WatchTasksResponse']).tasks) waiting.set(task.task_id, task)
        if (waiting.size) applying.ask()
      },
      onPhase: (phase) => {
        news.onPhase(phase)
        if (phase !== 'open' || hasBegun) return
        hasBegun = true
        watch.onBegin?.()
      },
      onHeartbeat: news.onHeard,
      // What is read before the stream is open again may be older than what it says first.
      onGap: () => (hasBegun = false),
      ...(watch.onRefused ? { onRefused: watch.onRefused } : {}),
    })
    return () => {
      close()
      news.end()
      applying.cancel()
    }
  }

  /** Submits a task by a body of JSON text, sent as it is; repeated with the same id it makes no second task. */
  async function submit(body: string, requestId: string): Promise<string> {
    const header = { 'Idempotency-Key': requestId }
    const asIs = { body: {} as Schemas['SubmitTaskRequest'], bodySerializer: () => body }
    return (await answer(http.POST('/api/v1/tasks', { params: { header }, ...asIs }))).task_id
  }

  /** Gives a command, and takes the task as it is afterwards; undefined once it is deleted. Raises Problem. */
  async function command(taskId: string, what: Command, facts: CommandFacts = {}): Promise<Task | undefined> {
    const path = { task_id: taskId }
    const said = {
      ...(facts.reason ? { reason: facts.reason } : {}),
      ...(facts.version === undefined ? {} : { expected_version: facts.version }),
      ...(facts.requestId ? { request_id: facts.requestId } : {}),
    }
    if (what === 'delete') {
      const query = { ...said, force: true }
      await answer(http.DELETE('/api/v1/tasks/{task_id}', { params: { path, query } }))
      return undefined
    }
    const after = await answer(
      what === 'restart'
        ? http.PUT('/api/v1/tasks/{task_id}/restart', { params: { path }, body: { ...said, from: facts.from ?? 'start' } })
        : http.PUT(`/api/v1/tasks/{task_id}/${what}`, { params: { path }, body: said }),
    )
    if (after.task) take({ ...byId.get(taskId), ...after.task })
    return after.task ?? undefined
  }

  function forget(taskId: string): void {
    byId.delete(taskId)
    movedAt.delete(taskId)
  }

  return { byId, movedAt, load, list, read, readLast, watchOne, watchMany, submit, command, keep: kept.keep }
})

/** Whether a report of a task says anything new about its work. */
export function hasMoved(before: Task, after: Task): boolean {
  if (before.percent !== after.percent || before.stage !== after.stage) return true
  const done = (task: Task) => task.stages.map((stage) => stage.progress?.done ?? 0).join()
  return done(before) !== done(after)
}
