import { describe, expect, it } from 'vitest'

import type { Attempt, Failure, Task, TaskEvent } from '@/transport/http'

import { timeLine } from './time_line'
import { idleTimes, ticks, timeScale } from './time_scale'
import { waitBetween, waitNow } from './time_waits'

const START = Date.parse('2026-06-15T12:00:00Z')
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()

function anAttempt(given: Partial<Attempt>): Attempt {
  return { attempt_id: 'a', task_id: 't', epoch: 1, executor_id: 'one', run: 1, ...given }
}

const TASK = {
  task_status: 'running',
  run: 1,
  submit_time: at(0),
  stage: 'copy',
  stages: [
    { name: 'scan', state: 'completed', start_time: at(10), end_time: at(20) },
    { name: 'copy', state: 'running', start_time: at(20) },
    { name: 'verify', state: 'waiting' },
  ],
} as Task

const ATTEMPTS = [
  anAttempt({ start_time: at(10), end_time: at(30), result: 'lost' }),
  anAttempt({ epoch: 2, start_time: at(50), end_time: at(60), result: 'paused' }),
  anAttempt({ epoch: 3, start_time: at(1000) }),
]

const EVENTS = [
  { time: at(58), kind: 'pause_requested', detail: { reason: 'the disk is full' }, version: 7, actor: 'ann' },
  { time: at(60), kind: 'paused', detail: {}, version: 0, actor: '' },
  { time: at(990), kind: 'resumed', detail: {}, version: 8, actor: 'ann' },
] as TaskEvent[]

describe('the time line', () => {
  const model = timeLine(TASK, { attempts: ATTEMPTS, events: EVENTS, ticks: [] }, START + 1100_000)

  it('divides each attempt among the stages that it worked on', () => {
    expect(model.bars.map(({ stage, from, to, attempt, result }) => [stage, from - START, to - START, attempt, result])).toEqual([
      ['scan', 10_000, 20_000, 1, 'success'],
      ['copy', 20_000, 30_000, 1, 'lost'],
      ['copy', 50_000, 60_000, 2, 'paused'],
      ['copy', 1_000_000, 1_100_000, 3, 'running'],
    ])
  })

  it('says why nothing ran in between', () => {
    expect(model.waits.map(({ stage, why, from, to }) => [stage, why, from - START, to - START])).toEqual([
      ['scan', 'queue', 0, 10_000],
      ['copy', 'lost', 30_000, 50_000],
      ['copy', 'paused', 60_000, 990_000],
      ['copy', 'queue', 990_000, 1_000_000],
    ])
  })

  it('says in whose words it was paused, and until when a retry waited', () => {
    expect(waitNow({ ...TASK, task_status: 'paused' }, ATTEMPTS[1], EVENTS, START + 60_000, START + 70_000)).toMatchObject([
      { why: 'paused', detail: 'the disk is full' },
    ])
    const failed = anAttempt({ result: 'failed', failure: { reason: 'HANDLER_ERROR', message: 'no\nroom' } as Failure })
    const story = [{ time: at(10), kind: 'attempt_failed', detail: { retry_at: at(15) }, version: 0, actor: '' }] as TaskEvent[]
    expect(waitBetween(failed, anAttempt({}), story, START + 10_000, START + 20_000)).toEqual([
      { why: 'retry', detail: 'no', from: START + 10_000, to: START + 15_000 },
      { why: 'queue', detail: '', from: START + 15_000, to: START + 20_000 },
    ])
  })

  it('names what is still to come', () => {
    expect([model.isOpen, model.future]).toEqual([true, ['copy', 'verify']])
  })

  it('marks kills, pauses and the attempts after them', () => {
    expect(model.marks.map(({ kind, at: time }) => [kind, time - START])).toEqual([
      ['lost', 30_000],
      ['retry', 50_000],
      ['paused', 60_000],
      ['retry', 1_000_000],
    ])
  })

  it('waits until now while nothing runs', () => {
    const paused = { ...TASK, task_status: 'paused' } as Task
    expect(timeLine(paused, { attempts: ATTEMPTS.slice(0, 2), events: [], ticks: [] }, START + 90_000).waits.at(-1)).toMatchObject({ why: 'paused', to: START + 90_000 })
  })
})

describe('a task that waits for its next attempt', () => {
  const failed = [anAttempt({ start_time: at(1), end_time: at(2), result: 'failed' })]
  const waiting = { ...TASK, task_status: 'pending', waiting_for: 'retry', due_time: at(2000) } as Task
  const model = timeLine(waiting, { attempts: failed, events: [], ticks: [] }, START + 600_000)

  it('shows when that begins', () => {
    expect(model.next).toEqual({ stage: 'scan', at: START + 2_000_000, kind: 'retry' })
    expect(timeLine(waiting, { attempts: failed, events: [], ticks: [] }, START + 2_000_001).next).toBeUndefined()
  })

  it('has its wait in full where there is little else to show', () => {
    expect(idleTimes(model)).toEqual([])
    const long = [anAttempt({ start_time: at(1), end_time: at(300), result: 'failed' })]
    expect(idleTimes(timeLine(waiting, { attempts: long, events: [], ticks: [] }, START + 600_000))).toHaveLength(1)
  })
})

describe('the scale', () => {
  it('ends with a task that has ended, and has fine times for a short one', () => {
    const ended = { ...TASK, task_status: 'completed', end_time: at(0.29) } as Task
    const attempts = [anAttempt({ start_time: at(0.1), end_time: at(0.29), result: 'success' })]
    const scale = timeScale(timeLine(ended, { attempts, events: [], ticks: [] }, START + 5000), [])
    expect(scale.time(1)).toBe(START + 290)
    expect(ticks(scale, 4).map((time) => time - START)).toEqual([0, 100, 200])
  })

  const model = timeLine(TASK, { attempts: ATTEMPTS, events: EVENTS, ticks: [] }, START + 1100_000)

  it('folds what is idle for long, and finds times again', () => {
    const scale = timeScale(model, idleTimes(model))
    expect(scale.folds).toEqual([{ from: START + 60_000, to: START + 1_000_000 }])
    expect(scale.place(START + 1_000_000) - scale.place(START + 60_000)).toBeLessThan(0.06)
    for (const seconds of [0, 15, 500, 1050]) {
      expect(scale.time(scale.place(START + seconds * 1000))).toBeCloseTo(START + seconds * 1000, 0)
    }
  })

  it('leaves room right of now, and keeps its scale until that is used up', () => {
    const later = (by: number) => timeScale(timeLine(TASK, { attempts: [], events: [], ticks: [] }, START + by), [])
    expect(later(100_000).time(1)).toBeGreaterThan(START + 103_000)
    expect(later(101_000).place(START)).toBe(later(100_000).place(START))
    expect(later(101_000).place(START + 50_000)).toBe(later(100_000).place(START + 50_000))
  })

  it('shows a part of it', () => {
    const scale = timeScale(model, [], { from: START + 1_000_000, to: START + 1_100_000 })
    expect([scale.place(START + 1_000_000), scale.place(START + 1_050_000)]).toEqual([0, 0.5])
  })

  it('has round times that do not overlap', () => {
    const found = ticks(timeScale(model, idleTimes(model)), 8)
    expect(found.length).toBeGreaterThan(3)
    expect(found.length).toBeLessThan(12)
    expect(found.every((time) => time % 1000 === 0 && !(time > START + 60_000 && time < START + 1_000_000))).toBe(true)
  })
})
