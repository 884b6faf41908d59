import { describe, expect, it } from 'vitest'

import type { Attempt, Task } from '@/transport/http'

import { timeLine } from './time_line'
import { ticks, timeScale } from './time_scale'

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

describe('the time line', () => {
  const model = timeLine(TASK, ATTEMPTS, START + 1100_000)

  it('divides each attempt among the stages that it worked on', () => {
    expect(model.bars.map(({ stage, from, to, attempt, result }) => [stage, from - START, to - START, attempt, result])).toEqual([
      ['scan', 10_000, 20_000, 1, 'success'],
      ['copy', 20_000, 30_000, 1, 'lost'],
      ['copy', 50_000, 60_000, 2, 'paused'],
      ['copy', 1_000_000, 1_100_000, 3, 'running'],
    ])
  })

  it('says why nothing ran in between', () => {
    expect(model.waits.map(({ stage, why }) => [stage, why])).toEqual([
      ['scan', 'queue'],
      ['copy', 'queue'],
      ['copy', 'paused'],
    ])
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
    expect(timeLine(paused, ATTEMPTS.slice(0, 2), START + 90_000).waits.at(-1)).toMatchObject({ why: 'paused', to: START + 90_000 })
  })
})

describe('the scale', () => {
  const model = timeLine(TASK, ATTEMPTS, START + 1100_000)

  it('folds what is idle for long, and finds times again', () => {
    const scale = timeScale(model, true)
    expect(scale.folds).toEqual([{ from: START + 60_000, to: START + 1_000_000 }])
    expect(scale.place(START + 1_000_000) - scale.place(START + 60_000)).toBeLessThan(0.06)
    for (const seconds of [0, 15, 500, 1050]) {
      expect(scale.time(scale.place(START + seconds * 1000))).toBeCloseTo(START + seconds * 1000, 0)
    }
  })

  it('shows a part of it', () => {
    const scale = timeScale(model, false, { from: START + 1_000_000, to: START + 1_100_000 })
    expect([scale.place(START + 1_000_000), scale.place(START + 1_050_000)]).toEqual([0, 0.5])
  })

  it('has round times that do not overlap', () => {
    const found = ticks(timeScale(model, true), 8)
    expect(found.length).toBeGreaterThan(3)
    expect(found.length).toBeLessThan(12)
    expect(found.every((time) => time % 1000 === 0 && !(time > START + 60_000 && time < START + 1_000_000))).toBe(true)
  })
})
