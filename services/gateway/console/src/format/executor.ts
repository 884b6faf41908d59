// What is said about executors: whether they work, and why they do not.

import type { Executor, Queue } from '@/transport/http'

import { said, type Said } from './said'

export type ExecutorState = 'working' | 'idle' | 'draining' | 'silent'

/** The stream tells ages in steps of ten seconds. */
export const SILENT_MS = 10_000

export function executorState(executor: Executor, silentMs: number): ExecutorState {
  if (!executor.connected || silentMs >= 2 * SILENT_MS) return 'silent'
  if (executor.draining) return 'draining'
  return executor.running ? 'working' : 'idle'
}

/** Why free slots stay free: no task waits for its types, or those that wait may not start. */
export function sayIdle(executor: Executor, queues: Iterable<Queue>): Said | undefined {
  if (executor.draining || executor.running >= executor.slots) return undefined
  const served = [...queues].filter((queue) => !executor.queues.length || executor.queues.includes(queue.name))
  const waiting = served.flatMap((queue) => queue.types).filter((type) => type.depth > 0 && executor.task_types.includes(type.task_type))
  const held = waiting.find((type) => type.max_running > 0 && type.running >= type.max_running)
  if (held) return said('executors.held', { count: held.depth, type: held.task_type, most: held.max_running })
  if (waiting.length || executor.running) return undefined
  return said('executors.nothing_waits')
}

/** Gives each task a slot and keeps it there: cells do not move when others end. */
export function seated(before: readonly (string | undefined)[], ids: readonly string[]): (string | undefined)[] {
  const left = new Set(ids)
  const seats = before.map((id) => (id !== undefined && left.delete(id) ? id : undefined))
  for (const id of left) {
    const free = seats.indexOf(undefined)
    if (free >= 0) seats[free] = id
    else seats.push(id)
  }
  return seats
}
