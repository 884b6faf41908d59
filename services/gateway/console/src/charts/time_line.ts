// What the time line shows, out of a task's attempts, story and stages: a row per stage, its attempts as bars, waits
// between them with their reason, marks where something happened, and checkpoints that were seen while one watches.

import type { Attempt, AttemptResult, Stage, Task, TaskEvent } from '@/transport/http'
import { isFinal, stateOf } from '@/format/state'

import { waitBetween, waitNow, type WaitPart } from './time_waits'

export type MarkKind = 'lost' | 'paused' | 'failed' | 'retry' | 'released' | 'cancelled'

export interface TimeBar {
  stage: string
  from: number
  to: number
  attempt: number
  /** How the attempt ended, or that this stage of it did. */
  result: AttemptResult | 'running'
}

export interface TimeWait extends WaitPart {
  stage: string
}

export interface TimeMark {
  stage: string
  at: number
  kind: MarkKind
  attempt: number
}

/** When something became durable. */
export interface TimeTick {
  stage: string
  at: number
}

/** One row: of a stage, or of several that are folded into one. */
export interface TimeRow {
  key: string
  label: string
  stages: string[]
}

export interface TimeLineModel {
  bars: TimeBar[]
  waits: TimeWait[]
  marks: TimeMark[]
  ticks: readonly TimeTick[]
  from: number
  to: number
  /** Whether `to` is now, and time goes on. */
  isOpen: boolean
  /** Stages that are still to come. */
  future: string[]
  /** When the next attempt begins, where that is known. */
  next: { stage: string; at: number; kind: 'retry' | 'start_time' } | undefined
}

export interface TimeSources {
  attempts: readonly Attempt[]
  events: readonly TaskEvent[]
  ticks: readonly TimeTick[]
}

interface Span {
  stage: string
  from: number
  to: number
}

const MARKS: Partial<Record<AttemptResult, MarkKind>> = {
  lost: 'lost',
  paused: 'paused',
  failed: 'failed',
  released: 'released',
  undelivered: 'lost',
  cancelled: 'cancelled',
}

export function timeLine(task: Task, { attempts, events, ticks }: TimeSources, nowMs: number): TimeLineModel {
  const begun = attempts.filter((attempt) => attempt.start_time)
  const end = isFinal(task) && task.end_time ? ms(task.end_time) : nowMs
  const from = task.submit_time ? ms(task.submit_time) : (begun[0] ? ms(begun[0].start_time) : nowMs)
  const model: TimeLineModel = {
    bars: [],
    waits: [],
    marks: [],
    ticks,
    from,
    // Of a task that has ended there is nothing behind its end to show.
    to: Math.max(end, from + (isFinal(task) ? 1 : 1000)),
    isOpen: !isFinal(task),
    future: isFinal(task) ? [] : comingOf(task),
    next: undefined,
  }
  const wait = (stage: string, found: WaitPart[]) => model.waits.push(...found.map((part) => ({ ...part, stage })))
  let before: Attempt | undefined
  let lastStage = task.stages[0]?.name ?? ''
  for (const attempt of begun) {
    const start = ms(attempt.start_time)
    const stop = attempt.end_time ? ms(attempt.end_time) : end
    const waitedFrom = before?.end_time ? ms(before.end_time) : before ? start : from
    if (start > waitedFrom) wait(lastStage, waitBetween(before, attempt, events, waitedFrom, start))
    const spans = spansOf(attempt, task, start, Math.max(start, stop))
    for (const span of spans) {
      const isLast = span === spans.at(-1)
      const result = isLast ? (attempt.result ?? 'running') : 'success'
      model.bars.push({ ...span, attempt: attempt.epoch, result })
    }
    if (before) model.marks.push({ stage: spans[0]?.stage ?? lastStage, at: start, kind: 'retry', attempt: attempt.epoch })
    lastStage = spans.at(-1)?.stage ?? lastStage
    const kind = attempt.result && MARKS[attempt.result]
    if (kind && attempt.end_time) model.marks.push({ stage: lastStage, at: stop, kind, attempt: attempt.epoch })
    before = attempt
  }
  const idleFrom = before ? (before.end_time ? ms(before.end_time) : undefined) : from
  if (!isFinal(task) && idleFrom !== undefined && end > idleFrom) {
    wait(lastStage, waitNow(task, before, events, idleFrom, end))
    model.next = nextOf(task, lastStage, nowMs)
  }
  return model
}

function nextOf(task: Task, stage: string, nowMs: number): TimeLineModel['next'] {
  const { waiting_for: kind } = task
  const at = ms(task.due_time)
  return (kind === 'retry' || kind === 'start_time') && stateOf(task) === 'pending' && at > nowMs ? { stage, at, kind } : undefined
}

function comingOf(task: Task): string[] {
  return task.stages.filter((stage) => stage.state !== 'completed' && stage.state !== 'failed').map((stage) => stage.name)
}

/** The stages that an attempt worked on, each with its part of the attempt's time. */
function spansOf(attempt: Attempt, task: Task, start: number, stop: number): Span[] {
  // The stages know only the times of the latest run.
  if (attempt.run === task.run) {
    const spans = task.stages
      .map((stage) => overlap(stage, start, stop))
      .filter((span): span is Span => span !== undefined)
    if (spans.length) return spans
  }
  return [{ stage: attempt.failure?.stage || (task.stages[0]?.name ?? ''), from: start, to: stop }]
}

function overlap(stage: Stage, start: number, stop: number): Span | undefined {
  if (!stage.start_time) return undefined
  const from = Math.max(start, ms(stage.start_time))
  const to = Math.min(stop, stage.end_time ? ms(stage.end_time) : stop)
  return to >= from && (to > from || stop === start) ? { stage: stage.name, from, to } : undefined
}

function ms(time: string | undefined): number {
  return time ? Date.parse(time) : 0
}
