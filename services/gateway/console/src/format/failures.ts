// Failures that say the same, as one.

import type { Task } from '@/transport/http'

import { firstLine } from './progress'

export interface FailureGroup {
  key: string
  taskType: string
  message: string
  count: number
  /** When the first and the last of them failed, in milliseconds. */
  firstMs: number
  lastMs: number
  /** The task that failed last. */
  last: Task
}

/** Groups failed tasks by type and message; messages that differ only in numbers are the same. The latest group first. */
export function groupFailures(tasks: readonly Task[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  for (const task of tasks) {
    const message = firstLine(task.failure?.message ?? '') || (task.failure?.reason ?? '')
    const key = `${task.task_type} ${message.replace(/\d+/g, '0')}`
    const endMs = endOf(task)
    const group = groups.get(key)
    if (!group) {
      groups.set(key, { key, taskType: task.task_type, message, count: 1, firstMs: endMs, lastMs: endMs, last: task })
      continue
    }
    group.count += 1
    group.firstMs = Math.min(group.firstMs, endMs)
    if (endMs > group.lastMs) Object.assign(group, { lastMs: endMs, last: task, message })
  }
  return [...groups.values()].sort((a, b) => b.lastMs - a.lastMs)
}

export const endOf = (task: Task): number => Date.parse(task.end_time ?? task.submit_time ?? '') || 0
