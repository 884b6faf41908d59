// Tasks that wait for what will never come: no connected executor runs their type in their queue.

import { sayTypeWaits } from '@/format/queue_waiting'
import type { Executor, Queue } from '@/transport/http'

export interface Lane {
  queue: string
  type: string
  depth: number
}

export function unservedLanes(queues: Iterable<Queue>, executors: readonly Executor[]): Lane[] {
  return [...queues].flatMap((queue) =>
    queue.types
      .filter((type) => sayTypeWaits(queue.name, type, executors)?.key === 'queues.no_executor')
      .map((type) => ({ queue: queue.name, type: type.task_type, depth: type.depth })),
  )
}
