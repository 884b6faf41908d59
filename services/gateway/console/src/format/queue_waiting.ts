// Why the tasks of a type wait in a queue, as far as the page can see it.

import type { Executor, Schemas } from '@/transport/http'

import { said, type Said } from './said'

export type QueueType = Schemas['QueueType']

export function sayTypeWaits(queue: string, type: QueueType, executors: Iterable<Executor>): Said | undefined {
  if (!type.depth) return undefined
  if (type.max_running && type.running >= type.max_running) return said('queues.limit_full', { count: type.max_running })
  const serving = [...executors].filter((one) => one.connected && !one.draining && serves(one, queue, type.task_type))
  if (!serving.length) return said('queues.no_executor')
  if (serving.every((one) => one.running >= one.slots)) return said('queues.slots_full')
  return undefined
}

function serves(executor: Executor, queue: string, taskType: string): boolean {
  return executor.task_types.includes(taskType) && (!executor.queues.length || executor.queues.includes(queue))
}
