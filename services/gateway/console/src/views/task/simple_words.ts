// A task in words for a person who does not know how it works.

import { isCounting } from '@/format/progress'
import { said, type Said } from '@/format/said'
import { stateOf } from '@/format/state'
import type { Task, TaskEvent } from '@/transport/http'

import type { Life } from './task_life'

const MOST = 5

export interface SimpleEvent {
  at: number
  what: Said
}

/** `waiting`: why it waits, where somebody knows. */
export function saySimply(task: Task, life: Life, waiting?: Said): Said {
  const state = stateOf(task)
  if (state === 'running') {
    if (task.requested === 'pause') return said('task.simple.state.pausing')
    if (task.requested === 'cancel') return said('task.simple.state.stopping')
    if (life === 'silent') return said('task.simple.state.moving_over')
    if (life === 'stalled') return said('task.simple.state.still')
    return said(isCounting(task) ? 'task.simple.state.counting' : 'task.simple.state.running')
  }
  if (state === 'pending' && task.waiting_for === 'retry') return said('task.simple.state.retry')
  if (waiting?.key === 'waiting.no_executor') return said('task.simple.state.unserved')
  if (state === 'completed' && task.warning_count) return said('task.simple.state.completed_warnings', { count: task.warning_count })
  return said(`task.simple.state.${state}`)
}

/** What of a task's story such a person wants to know. */
const TOLD: Record<string, string> = {
  created: 'created',
  started: 'started',
  retried: 'retried',
  continued: 'continued',
  completed: 'completed',
  attempt_failed: 'trouble',
  lost: 'trouble',
  released: 'trouble',
  failed: 'failed',
  paused: 'paused',
  resumed: 'resumed',
  cancelled: 'cancelled',
  restarted: 'restarted',
}

/** The latest of it first. */
export function simpleStory(events: readonly TaskEvent[]): SimpleEvent[] {
  const told = events.flatMap((event) => {
    const word = TOLD[event.kind]
    return word ? [{ at: Date.parse(event.time ?? ''), what: said(`task.simple.event.${word}`) }] : []
  })
  return told.slice(-MOST).reverse()
}
