// Running tasks whose work does not move. A task that never reported any progress is not one of them: it may be at work.

import type { Task } from '@/transport/http'

import { STALLED_MS } from './progress'

export interface StalledTask {
  task: Task
  stillMs: number
}

/** For how long a task's work has not moved; 0 for one that never reported any progress. See `stalledTasks`. */
export function stillMsOf(task: Task, movedAt: ReadonlyMap<string, number>, lookedSince: number, nowMs: number): number {
  if (!task.percent && !task.stages.some((stage) => stage.progress)) return 0
  return nowMs - Math.max(movedAt.get(task.task_id) ?? lookedSince, Date.parse(task.start_time ?? '') || 0)
}

/** `movedAt`: when each task moved while the page looked; it looks since `lookedSince`. The longest first. */
export function stalledTasks(
  tasks: readonly Task[],
  movedAt: ReadonlyMap<string, number>,
  lookedSince: number,
  nowMs: number,
): StalledTask[] {
  return tasks
    .map((task) => ({ task, stillMs: stillMsOf(task, movedAt, lookedSince, nowMs) }))
    .filter(({ stillMs }) => stillMs >= STALLED_MS)
    .sort((a, b) => b.stillMs - a.stillMs)
}
