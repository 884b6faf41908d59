// Why the tasks of a type wait in a queue, as far as the page can see it.

import type { Executor, Queue, Schemas } from '@/transport/http'

import { said, type Said } from './said'
import { serving, type QueuesOfTypes } from './serving'

export type QueueType = Schemas['QueueType']

/** `queues`: all of them, since a type's limit counts what runs in any. */
export function sayTypeWaits(
  queue: string,
  type: QueueType,
  queues: Iterable<Queue>,
  executors: Iterable<Executor>,
  queuesOf: QueuesOfTypes,
): Said | undefined {
  if (!type.depth) return undefined
  const able = serving(executors, queue, type.task_type, queuesOf)
  if (!able.length) return said('queues.no_executor')
  const same = [...queues].flatMap((one) => one.types).filter((one) => one.task_type === type.task_type)
  const running = same.reduce((sum, one) => sum + one.running, 0)
  if (type.max_running && running >= type.max_running) return said('queues.limit_full', { count: type.max_running })
  if (able.every((one) => one.running >= one.slots)) return said('queues.slots_full')
  return undefined
}
