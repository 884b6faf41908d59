// Why the tasks of a type wait in a queue, as far as the page can see it.

import type { Executor, Schemas } from '@/transport/http'

import { said, type Said } from './said'
import { serving, type QueuesOfTypes } from './serving'

export type QueueType = Schemas['QueueType']

export function sayTypeWaits(queue: string, type: QueueType, executors: Iterable<Executor>, queuesOf: QueuesOfTypes): Said | undefined {
  if (!type.depth) return undefined
  const able = serving(executors, queue, type.task_type, queuesOf)
  if (!able.length) return said('queues.no_executor')
  if (type.max_running && type.running >= type.max_running) return said('queues.limit_full', { count: type.max_running })
  if (able.every((one) => one.running >= one.slots)) return said('queues.slots_full')
  return undefined
}
