// What is said about executors: whether they work, and why they do not.

import type { Executor, Health, Queue, TaskType } from '@/transport/http'

import { said, type Said } from './said'
import { queuesOfTypes, servesQueue } from './serving'

export type ExecutorState = 'working' | 'idle' | 'draining' | 'silent'

/** The stream tells ages in steps of ten seconds. */
export const SILENT_MS = 10_000
/** Executors that went longer ago are folded. */
export const FOLDED_MS = 600_000

export function executorState(executor: Executor, silentMs: number): ExecutorState {
  if (!executor.connected || silentMs >= 2 * SILENT_MS) return 'silent'
  if (executor.draining) return 'draining'
  return executor.running ? 'working' : 'idle'
}

export interface WaitingWork {
  queues: Iterable<Queue>
  /** The task types that are known: an executor that names no queues serves those of its types. */
  types: Iterable<TaskType>
  health: Health | undefined
}

/** Why free slots stay free: nothing waits, what waits is for others, or what waits may not start. */
export function sayIdle(executor: Executor, work: WaitingWork): Said | undefined {
  if (!executor.connected || executor.draining || executor.running >= executor.slots) return undefined
  if (isFact(work.health, 'queues', 'rebuilding')) return said('executors.rebuilding')
  if (!executor.task_types.length) return said('executors.no_types')
  const waiting = [...work.queues].flatMap((queue) => queue.types.filter((type) => type.depth > 0).map((type) => ({ queue: queue.name, ...type })))
  const ofItsTypes = waiting.filter((lane) => executor.task_types.includes(lane.task_type))
  const queuesOf = queuesOfTypes(work.types)
  const own = ofItsTypes.filter((lane) => servesQueue(executor, lane.queue, lane.task_type, queuesOf))
  const held = own.find((lane) => lane.max_running > 0 && lane.running >= lane.max_running)
  const free = own.find((lane) => lane !== held && !(lane.max_running > 0 && lane.running >= lane.max_running))
  if (free) return executor.running ? undefined : said('executors.next', { count: free.depth, type: free.task_type })
  if (held) return said('executors.held', { count: held.depth, type: held.task_type, most: held.max_running })
  if (executor.running) return undefined
  const elsewhere = ofItsTypes[0]
  if (elsewhere) return said('executors.other_queue', { count: elsewhere.depth, type: elsewhere.task_type, queue: elsewhere.queue })
  if (waiting.length) {
    const names = [...new Set(waiting.map((lane) => lane.task_type))]
    const count = waiting.reduce((sum, lane) => sum + lane.depth, 0)
    return said('executors.other_types', { count, types: names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '') })
  }
  return said('executors.nothing_waits')
}

const isFact = (health: Health | undefined, name: string, fact: string) => !!health?.checks.some((check) => check.name === name && check.fact === fact)

/** Slots in use; an executor that drains offers none, and says only what it holds. */
export const saySlots = ({ running, slots }: Executor): Said =>
  slots ? said('executors.slots_of', { running, count: slots }) : said('executors.holds', { count: running })

/** What becomes of the tasks of a silent executor: they need another one that runs a type of its own. */
export function saySilent(executor: Executor, others: Iterable<Executor>): Said {
  const able = [...others].filter((one) => one.connected && !one.draining && one.executor_id !== executor.executor_id)
  const isServed = (type: string) => able.some((one) => one.task_types.includes(type))
  return said(executor.task_types.every(isServed) ? 'executors.state.silent' : 'executors.silent_alone')
}

/** How far an executor that drains has come, of `held` tasks that it had when it began. */
export function sayDrain(executor: Executor, held: number | undefined): Said | undefined {
  if (!executor.draining) return undefined
  if (!executor.running) return said('executors.handed_over_all')
  const all = Math.max(held ?? 0, executor.running)
  return said('executors.handed_over', { count: all, done: all - executor.running })
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
