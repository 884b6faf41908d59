// What is said about a task's work: honest numbers or none.

import type { Progress as ProgressReport, Stage, Task } from '@/transport/http'

import { firstLine } from './ansi'
import { formatBytes, formatBytesOf } from './bytes'
import { formatCount, wholePercent } from './count'
import { sayDuration, sayRemaining } from './duration'
import { sayFailureBriefly } from './failure'
import { said, type Said } from './said'
import { isFinal, isRunning, stateOf } from './state'

/** Without news of a running task's work for so long, it is said to stand still. */
export const STALLED_MS = 60_000
/** After so long without progress a rate and a remaining time would be made up. */
export const QUIET_MS = 15_000
/** A slower rate would be said as 0. */
const LEAST_RATE = 0.05

export type { ProgressReport }

/**
 * Facts of the running stage for a list, most important first, by what its executor's scheduler measured.
 * `stillMs`: for how long nothing of its work has moved.
 */
export function sayWork(task: Task, language: string, stillMs: number): Said[] {
  const report = stageNow(task)?.progress
  if (!report) return []
  const amount = sayAmount(report, language)
  if (isRunning(task) && stillMs >= QUIET_MS) return [amount, sayQuiet(stillMs)]
  const rate = sayRate(report.rate, report.unit, language)
  const rest = isRunning(task) ? sayRest(report) : undefined
  return [amount, rate, rest].filter((fact) => !!fact)
}

export const sayQuiet = (stillMs: number): Said => said('progress.quiet', { duration: sayDuration(stillMs) })

/** `318 of 512 GiB`; where the total is not known, how many there are so far, or were in all. */
export function sayAmount(report: ProgressReport, language: string, isEnded = false): Said {
  const { done, unit } = report
  const total = isEnded && done >= report.total ? 0 : report.total
  const [bytes, counted] = isEnded ? ['progress.bytes_all', 'progress.all'] : ['progress.bytes', 'progress.counted']
  if (unit === 'bytes') {
    return total ? said('progress.of', { ...formatBytesOf(done, total) }) : said(bytes, { bytes: formatBytes(done) })
  }
  const values = { done: formatCount(done, language), total: formatCount(total, language), unit: sayUnit(unit) }
  if (!unit) return total ? said('progress.steps', values) : said(counted, { ...values, unit: said('unit.steps') })
  return total ? said('progress.units', values) : said(counted, values)
}

function sayUnit(unit: string): Said | string {
  return ['files', 'entries', 'changes', 'rows', 'items', 'lines', 'pages', 'records'].includes(unit) ? said(`unit.${unit}`) : unit
}

export function sayRate(rate: number, unit: string, language: string): Said | undefined {
  if (!(rate >= (unit === 'bytes' ? 1 : LEAST_RATE))) return undefined
  if (unit === 'bytes') return said('progress.bytes_rate', { rate: formatBytes(rate) })
  const shown = rate >= 10 ? Math.round(rate) : rate
  return said('progress.rate', { rate: formatCount(shown, language), unit: unit ? sayUnit(unit) : said('unit.steps') })
}

/** What is left of a stage, by what the scheduler measured; undefined while nobody can know. */
export function sayRest({ done, total, remaining_s, remaining_most_s }: ProgressReport): Said | undefined {
  if (remaining_s === undefined || (total > 0 && done >= total)) return undefined
  return sayRemaining(remaining_s, remaining_most_s ?? remaining_s)
}

/** The stage that works now, or would if the task ran. */
export function stageNow(task: Task): Stage | undefined {
  return task.stages.find((stage) => stage.name === task.stage)
}

/** Whether how much there is to do is still being counted, so that a percentage would be made up. */
export function isCounting(task: Task): boolean {
  const report = stageNow(task)?.progress
  return isRunning(task) && !!report && report.done > 0 && !report.total
}

export interface Segment {
  name: string
  /** Width in percent of the whole bar. */
  width: number
  /** How much of it is done, in percent. */
  done: number
}

/** The bar: each stage as wide as its weight. */
export function segments(task: Task): Segment[] {
  const whole = task.stages.reduce((sum, stage) => sum + stage.weight, 0) || 1
  return task.stages.map((stage) => ({
    name: stage.name,
    width: (100 * stage.weight) / whole,
    done: 100 * stageShare(stage),
  }))
}

/** How much of a stage is done, 0 to 1. */
export function stageShare(stage: Stage): number {
  if (stage.state === 'completed') return 1
  const report = stage.progress
  return report?.total ? Math.min(1, report.done / report.total) : 0
}

/** The one sentence about a task. `stillMs`: for how long nothing of its work has moved. */
export function sayTask(task: Task, nowMs: number, stillMs: number): Said {
  const state = stateOf(task)
  if (state === 'failed') return sayFailed(task)
  if (state === 'completed') {
    if (task.warning_count) return said('sentence.completed_warnings', { count: task.warning_count })
    return said('sentence.completed')
  }
  if (state === 'running') return sayRunning(task, stillMs)
  if (state === 'pending') return sayPending(task, nowMs)
  const reason = task.command_reason
  if (state === 'paused' && !reason) return sayPaused(task)
  if (reason && (state === 'paused' || state === 'cancelled')) return said(`sentence.${state}_reason`, { reason })
  return said(`sentence.${state}`)
}

function sayRunning(task: Task, stillMs: number): Said {
  if (task.requested === 'pause') return said('sentence.pausing')
  if (task.requested === 'cancel') return said('sentence.cancelling')
  if (stillMs >= STALLED_MS) return said('sentence.stalled', { min: Math.floor(stillMs / 60_000) })
  if (!task.stage) return said('sentence.starting')
  return isCounting(task)
    ? said('sentence.counting', { stage: task.stage })
    : said('sentence.running', { stage: task.stage })
}

/** What the stage has not saved, the next attempt does again. */
function sayPaused(task: Task): Said {
  const stage = stageNow(task)
  if (!task.attempt_count || !stage) return said('sentence.paused_unbegun')
  return stage.is_saved ? said('sentence.paused') : said('sentence.paused_begins_again', { stage: stage.name })
}

function sayPending(task: Task, nowMs: number): Said {
  const due = task.due_time ? Date.parse(task.due_time) : undefined
  if (task.waiting_for === 'retry' && due !== undefined) {
    return said('sentence.waits_retry', { left: sayDuration(Math.max(0, Math.ceil((due - nowMs) / 1000)) * 1000) })
  }
  if (due !== undefined) return said('sentence.waits_time')
  return said('sentence.pending')
}

function sayFailed(task: Task): Said {
  const failure = task.failure
  if (!failure) return said('sentence.failed')
  const message = sayFailureBriefly(failure)
  return failure.stage ? said('sentence.failed_in', { stage: failure.stage, message }) : said('sentence.failed_with', { message })
}

/** What a completed task has done, by its stage of the greatest weight; empty where that stage reported nothing. */
export function sayDone(task: Task, language: string): (Said | string)[] {
  const main = [...task.stages].sort((one, other) => other.weight - one.weight)[0]?.progress
  if (stateOf(task) !== 'completed' || !main) return []
  return [...(main.done || main.unit ? [sayAmount(main, language, true)] : []), firstLine(main.message)].filter(Boolean)
}

/** Percent to show; undefined where none is honest. */
export function percentOf(task: Task): number | undefined {
  if (isCounting(task)) return undefined
  return wholePercent(task.percent, isFinal(task) && stateOf(task) === 'completed')
}
