// Why a task waits, as a sentence of the reader's language. Reasons that are no waiting have none.

import type { ExplanationReason, Task } from '@/transport/http'

import { said, type Said } from './said'

export function sayWaiting(reason: ExplanationReason, task: Task): Said | undefined {
  const { executors, limit, position } = reason
  switch (reason.kind) {
    case 'no_executor':
      return said('waiting.no_executor', { type: task.task_type, queue: task.queue })
    case 'limit_full':
      return limit && said('waiting.limit_full', { running: limit.running, limit: limit.limit })
    case 'slots_full':
      return executors && said('waiting.slots_full', { running: executors.running, slots: executors.slots })
    case 'behind_others':
      return position && said('waiting.behind_others', { count: position.ahead + position.ahead_elsewhere })
    case 'next':
    case 'starting':
    case 'not_queued_yet':
      return said(`waiting.${reason.kind}`)
    default:
      return undefined
  }
}
