// Running tasks whose work does not move. A task that never reported any progress is not one of them: it may be at work.

import type { Task } from '@/transport/http'

import { STALLED_MS } from './progress'

export interface StalledTask {
  task: Task
  stillMs: number
}

/** `movedAt`: when each task moved while the page looked; it looks since `lookedSince`. The longest first. */
export function stalledTasks(
  tasks: readonly Task[],
  movedAt: ReadonlyMap<string, number>,
  lookedSince: number,
  nowMs: number,
): StalledTask[] {
  return tasks
    .filter((task) => task.percent > 0 || task.stages.some((stage) => stage.progress))
    .map((task) => ({ task, stillMs: nowMs - Math.max(movedAt.get(task.task_id) ?? lookedSince, Date.parse(task.start_time ?? '') || 0) }))
    .filter(({ stillMs }) => stillMs >= STALLED_MS)
    .sort((a, b) => b.stillMs - a.stillMs)
}
