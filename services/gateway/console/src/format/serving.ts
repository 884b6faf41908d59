// Which executors take the tasks of a type in a queue, and which tasks therefore wait for what will never come.

import type { Executor, HealthLevel, Queue, TaskType } from '@/transport/http'

/** By task type, the queues that its definition names: those that executors without queues of their own serve. */
export type QueuesOfTypes = ReadonlyMap<string, ReadonlySet<string>>

export const queuesOfTypes = (types: Iterable<TaskType>): QueuesOfTypes =>
  new Map([...types].map((type) => [type.name, new Set([type.queue || 'default', ...type.queues])]))

export const servesQueue = (executor: Executor, queue: string, taskType: string, queuesOf: QueuesOfTypes): boolean =>
  executor.queues.length ? executor.queues.includes(queue) : (queuesOf.get(taskType)?.has(queue) ?? true)

/** Those that take new tasks of this type in this queue. A type that is not known is taken to name every queue. */
export const serving = (executors: Iterable<Executor>, queue: string, taskType: string, queuesOf: QueuesOfTypes): Executor[] =>
  [...executors].filter(
    (one) => one.connected && !one.draining && one.task_types.includes(taskType) && servesQueue(one, queue, taskType, queuesOf),
  )

export interface Lane {
  queue: string
  type: string
  depth: number
}

/** Types that wait in a queue in which no executor runs them. */
export function unservedLanes(queues: Iterable<Queue>, executors: readonly Executor[], queuesOf: QueuesOfTypes): Lane[] {
  return [...queues].flatMap((queue) =>
    queue.types
      .filter((type) => type.depth > 0 && !serving(executors, queue.name, type.task_type, queuesOf).length)
      .map((type) => ({ queue: queue.name, type: type.task_type, depth: type.depth })),
  )
}

/** How bad such lanes are, on every page: other tasks go on, unless there is no executor at all. */
export const unservedLevel = (executors: readonly Executor[]): HealthLevel =>
  executors.some((one) => one.connected && !one.draining) ? 'attention' : 'broken'
