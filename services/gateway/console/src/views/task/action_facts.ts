// What an action will do, in facts that the page knows.

import { formatBytes } from '@/format/bytes'
import { sayAmount } from '@/format/progress'
import { said, type Said } from '@/format/said'
import { sayDuration } from '@/format/duration'
import { isRunning } from '@/format/state'
import type { TaskHistory } from '@/stores/history'
import type { Task } from '@/transport/http'

export type Asked = 'pause' | 'cancel' | 'restart' | 'delete'

export function sayPause(task: Task): Said[] {
  return [said(isRunning(task) ? 'task.confirm.pause_running' : 'task.confirm.pause_waiting')]
}

export function sayCancel(task: Task): Said[] {
  if (!isRunning(task)) return [said('task.confirm.cancel_waiting')]
  return [said('task.confirm.cancel_running'), ...kept(task)]
}

/** What stays and what is done again, from the checkpoint. */
export function sayFromCheckpoint(task: Task, language: string): Said[] {
  const stage = task.stages.find((one) => one.state !== 'completed')
  if (!stage) return [said('task.confirm.nothing_left')]
  const { progress } = stage
  const where = progress?.done ? said('task.confirm.at', { amount: sayAmount(progress, language) }) : ''
  return [...kept(task), stage.is_saved ? said('task.confirm.goes_on', { stage: stage.name, where }) : said('task.confirm.begins_again', { stage: stage.name })]
}

/** The same, from the start. */
export function sayFromStart(task: Task, history: TaskHistory): Said[] {
  const worked = history.attempts
    .filter((attempt) => attempt.run === task.run && attempt.start_time && attempt.end_time)
    .reduce((sum, attempt) => sum + Date.parse(attempt.end_time ?? '') - Date.parse(attempt.start_time ?? ''), 0)
  const { items } = listed(task)
  return [
    said('task.confirm.all_again', { count: task.stages.length }),
    ...(worked >= 1000 ? [said('task.confirm.worked', { duration: sayDuration(worked) })] : []),
    items ? said('task.confirm.lists_go', { count: items }) : said('task.confirm.results_go'),
  ]
}

export function sayDelete(task: Task, history: TaskHistory): Said[] {
  const { items, bytes } = listed(task)
  return [
    ...(isRunning(task) ? [said('task.confirm.delete_running')] : []),
    said('task.confirm.delete_what', { count: history.attempts.length }),
    ...(items ? [bytes ? said('task.confirm.delete_items_of', { count: items, bytes: formatBytes(bytes) }) : said('task.confirm.delete_items', { count: items })] : []),
    said('task.confirm.delete_keeps'),
  ]
}

function kept(task: Task): Said[] {
  const done = task.stages.filter((stage) => stage.state === 'completed').map((stage) => stage.name)
  return done.length ? [said('task.confirm.stays', { count: done.length, stages: done.join(', ') })] : []
}

function listed(task: Task): { items: number; bytes: number } {
  const counts = task.manifests.flatMap((manifest) => manifest.counts)
  return {
    items: counts.reduce((sum, count) => sum + count.items, 0),
    bytes: counts.reduce((sum, count) => sum + count.size, 0),
  }
}
