// Why a command makes no sense for a task as it is now. The scheduler decides; this only spares requests it would refuse.

import type { Command, Task } from '@/transport/http'

import { said, type Said } from './said'
import { isFinal, sayState, stateOf } from './state'

export const COMMANDS: readonly Command[] = ['pause', 'resume', 'cancel', 'restart', 'delete']

/** Undefined where the command makes sense. What is said needs a `count`: of how many tasks it is so. */
export function sayWhyNot(task: Task, command: Command): Said | undefined {
  if (task.deleted) return said('tasks.why_not.deleted')
  const state = stateOf(task)
  switch (command) {
    case 'pause':
      if (state === 'paused' || task.requested === 'pause') return said('tasks.why_not.paused')
      if (task.requested === 'cancel') return said('tasks.why_not.cancelling')
      return isFinal(task) ? said('tasks.why_not.ended', { state: sayState(state) }) : undefined
    case 'resume':
      return state === 'paused' || task.requested === 'pause' ? undefined : said('tasks.why_not.not_paused')
    case 'cancel':
      if (task.requested === 'cancel') return said('tasks.why_not.cancelling')
      return isFinal(task) ? said('tasks.why_not.ended', { state: sayState(state) }) : undefined
    case 'restart':
      return isFinal(task) ? undefined : said('tasks.why_not.not_ended')
    case 'delete':
      return undefined
  }
}

/** The tasks that a command for many makes sense for, and of the others why not, each reason once. */
export function sortByCommand(tasks: readonly Task[], command: Command): { wanted: Task[]; skipped: Said[] } {
  const wanted: Task[] = []
  const skipped = new Map<string, Said>()
  for (const task of tasks) {
    const why = sayWhyNot(task, command)
    if (!why) {
      wanted.push(task)
      continue
    }
    const alike = JSON.stringify(why)
    const before = Number(skipped.get(alike)?.values['count'] ?? 0)
    skipped.set(alike, said(why.key, { ...why.values, count: before + 1 }))
  }
  return { wanted, skipped: [...skipped.values()] }
}
