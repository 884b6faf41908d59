// Why nothing ran between two attempts, and until when: out of the story of the task.

import type { Attempt, Task, TaskEvent } from '@/transport/http'
import { stateOf } from '@/format/state'

export type WaitReason = 'queue' | 'retry' | 'paused' | 'restart' | 'lost' | 'released' | 'start_time' | 'other'

export interface WaitPart {
  from: number
  to: number
  why: WaitReason
  /** In the words of a person, or of the error; empty without any. */
  detail: string
}

/** What ends each kind of waiting; after it the task waits for an executor. */
const ENDED_BY: Partial<Record<WaitReason, string>> = { paused: 'resumed', restart: 'restarted' }

/** The wait between two attempts, or before the first one, in its parts. */
export function waitBetween(before: Attempt | undefined, next: Attempt, events: readonly TaskEvent[], from: number, to: number): WaitPart[] {
  return parts(whyBetween(before, next), before, events, from, to)
}

/** The wait that goes on now. */
export function waitNow(task: Task, before: Attempt | undefined, events: readonly TaskEvent[], from: number, to: number): WaitPart[] {
  return parts(whyNow(task), before, events, from, to)
}

function parts(why: WaitReason, before: Attempt | undefined, events: readonly TaskEvent[], from: number, to: number): WaitPart[] {
  const within = events.filter((event) => at(event) >= from - 1 && at(event) <= to)
  const detail = detailOf(why, before, events.filter((event) => at(event) <= from + 1))
  const until = why === 'retry' ? retryAt(within) : endOf(why, within)
  if (until === undefined || until <= from || until >= to) return [{ from, to, why, detail }]
  return [
    { from, to: until, why, detail },
    { from: until, to, why: 'queue', detail: '' },
  ]
}

function whyBetween(before: Attempt | undefined, next: Attempt): WaitReason {
  if (!before) return 'queue'
  if (before.run !== next.run) return 'restart'
  if (before.result === 'failed') return 'retry'
  if (before.result === 'paused') return 'paused'
  if (before.result === 'lost' || before.result === 'undelivered') return 'lost'
  return before.result === 'released' ? 'released' : 'queue'
}

function whyNow(task: Task): WaitReason {
  const state = stateOf(task)
  if (state === 'paused') return 'paused'
  if (state !== 'pending') return 'queue'
  if (task.waiting_for === 'retry') return 'retry'
  return task.waiting_for === 'start_time' ? 'start_time' : 'other'
}

/** `events`: those until the wait began. */
function detailOf(why: WaitReason, before: Attempt | undefined, events: readonly TaskEvent[]): string {
  if (why === 'retry') return before?.failure ? before.failure.message.split('\n', 1)[0] || before.failure.reason : ''
  if (why !== 'paused') return ''
  // The reason stands with the request, where an executor had the task, else with the pause itself.
  const asked = events.filter((event) => event.actor && (event.kind === 'paused' || event.kind === 'pause_requested')).at(-1)
  return asked ? fact(asked, 'reason') : ''
}

function endOf(why: WaitReason, events: readonly TaskEvent[]): number | undefined {
  const kind = ENDED_BY[why]
  const end = kind && events.find((event) => event.kind === kind)
  return end ? at(end) : undefined
}

function retryAt(events: readonly TaskEvent[]): number | undefined {
  const failed = events.find((event) => (event.kind === 'attempt_failed' || event.kind === 'postponed') && fact(event, 'retry_at'))
  return failed ? Date.parse(fact(failed, 'retry_at')) || undefined : undefined
}

function fact(event: TaskEvent, name: string): string {
  const value = (event.detail as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

const at = (event: TaskEvent) => Date.parse(event.time ?? '')
