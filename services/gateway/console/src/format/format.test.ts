import { describe, expect, it } from 'vitest'

import { en } from '@/i18n/en'
import type { Stage, Task } from '@/transport/http'

import remaining from '../../../../../tests/support/remaining_words.json'
import { byteUnits, formatBytes, formatBytesOf } from './bytes'
import { formatShortCount, wholePercent } from './count'
import { sayAgo, sayDuration, sayRemaining } from './duration'
import { percentOf, sayDone, sayTask, sayWork, segments } from './progress'
import { exactTime, logTime, sayTime } from './time'
import { sayWaiting } from './waiting'

const NOON = Date.parse('2026-06-15T12:00:00.418Z')

function aStage(given: Partial<Stage> = {}): Stage {
  return { name: 'copy', position: 0, weight: 1, left_out_bytes: 0, is_saved: false, ...given }
}

function aTask(given: Partial<Task> = {}): Task {
  return {
    task_id: '01a22d00-836b-7393-acbc-5e875893e4b3',
    task_type: 'backup',
    task_status: 'running',
    stage: 'copy',
    percent: 62.4,
    stages: [aStage({ state: 'running' })],
    warning_count: 0,
    command_reason: '',
    ...given,
  } as Task
}

describe('bytes', () => {
  it('are counted as the reader likes', () => {
    byteUnits.value = 'decimal'
    expect([999, 1000, 20_000_000, 512e9].map(formatBytes)).toEqual(['999 B', '1 kB', '20 MB', '512 GB'])
    byteUnits.value = 'binary'
  })

  it('have three significant digits', () => {
    expect([0, 999, 1000, 1536, 20 << 20, 512 * 2 ** 30].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '0.98 KiB',
      '1.50 KiB',
      '20 MiB',
      '512 GiB',
    ])
  })

  it('of a total are in its unit', () => {
    expect(formatBytesOf(318 * 2 ** 30, 2 ** 40)).toEqual({ done: '0.31', total: '1 TiB' })
  })
})

describe('percentages and counts', () => {
  it('reach 100 only when completed', () => {
    expect([wholePercent(99.97, false), wholePercent(99.97, true), wholePercent(-1, false)]).toEqual([99, 100, 0])
  })

  it('are short by the units of the language', () => {
    expect(formatShortCount(1_200_000, 'en')).toBe('1.2M')
    expect(formatShortCount(1_200_000, 'zh')).toBe('120万')
  })
})

describe('durations', () => {
  it('show seconds only below two minutes', () => {
    expect(sayDuration(119_000)).toEqual({ key: 'duration.s', values: { s: 119 } })
    expect(sayDuration(121_000)).toEqual({ key: 'duration.min', values: { min: 2 } })
    expect(sayDuration(7_500_000)).toEqual({ key: 'duration.h', values: { h: 2, min: '05' } })
  })

  it('ago never says the future', () => {
    expect(sayAgo(-5000).key).toBe('ago.now')
  })

  it('left are rounded, and a range where unsure, in the words of the command line', () => {
    for (const { least, most, words } of remaining) {
      const { key, values } = sayRemaining(least, most ?? least)
      const sentence = en.remaining[key.replace('remaining.', '') as keyof typeof en.remaining]
      expect(sentence.replace(/{(\w+)}/g, (_, name: string) => String(values[name]))).toBe(words)
    }
  })
})

describe('times', () => {
  it('leave out what the reader knows', () => {
    expect(sayTime(NOON, NOON, 'en', 'utc')).toBe('12:00:00')
    expect(sayTime(NOON - 86_400_000, NOON, 'en', 'utc')).toEqual({ key: 'time.yesterday', values: { time: '12:00' } })
    expect(sayTime(NOON - 3 * 86_400_000, NOON, 'en', 'utc')).toBe('Jun 12 12:00')
  })

  it('have milliseconds in logs and the zone when exact', () => {
    expect(logTime(NOON, 'en', 'utc')).toBe('12:00:00.418')
    expect(exactTime(NOON, 'en', 'utc')).toContain('UTC')
  })
})

describe('progress', () => {
  it('says amount, rate and what is left', () => {
    const progress = { done: 318 * 2 ** 30, total: 512 * 2 ** 30, unit: 'bytes', message: '', rate: 84 * 2 ** 20, remaining_s: 2365 }
    const task = aTask({ stages: [aStage({ state: 'running', progress })] })
    expect(sayWork(task, 'en', 0).map((one) => one.key)).toEqual(['progress.of', 'progress.bytes_rate', 'remaining.min'])
  })

  it('says no rate that reads as 0, and no end while nothing moves', () => {
    const progress = { done: 40, total: 100, unit: 'files', message: '', rate: 0.01, remaining_s: 6900 }
    const task = aTask({ stages: [aStage({ state: 'running', progress })] })
    expect(sayWork(task, 'en', 0).map((one) => one.key)).toEqual(['progress.units', 'remaining.min'])
    const quick = aTask({ stages: [aStage({ state: 'running', progress: { ...progress, rate: 5 } })] })
    expect(sayWork(quick, 'en', 20_000)[1]).toEqual({ key: 'progress.quiet', values: { duration: { key: 'duration.s', values: { s: 20 } } } })
  })

  it('makes up no percentage while it is still counted', () => {
    const progress = { done: 12_480, total: 0, unit: 'files', message: '', rate: 0 }
    const task = aTask({ stages: [aStage({ state: 'running', progress })] })
    expect(percentOf(task)).toBeUndefined()
    expect(sayTask(task, NOON, 0).key).toBe('sentence.counting')
  })

  it('says that a task stands still, or is pausing, and not only that it runs', () => {
    expect(sayTask(aTask(), NOON, 240_000)).toEqual({ key: 'sentence.stalled', values: { min: 4 } })
    expect(sayTask(aTask({ requested: 'pause' }), NOON, 240_000).key).toBe('sentence.pausing')
  })

  it('says of a completed task what its main stage did, in its own words too', () => {
    const progress = { done: 960_000, total: 960_000, unit: 'bytes', message: '48 of 48 files', rate: 0 }
    const stages = [aStage({ weight: 80, progress }), aStage({ name: 'verify', weight: 15 })]
    expect(sayDone(aTask({ task_status: 'completed', stages }), 'en')).toMatchObject([{ key: 'progress.bytes_all' }, '48 of 48 files'])
    expect(sayDone(aTask({ task_status: 'completed' }), 'en')).toEqual([])
    expect(sayDone(aTask({ stages }), 'en')).toEqual([])
  })

  it('says of a paused task what it does again', () => {
    const paused = (is_saved: boolean, attempt_count = 1) =>
      sayTask(aTask({ task_status: 'paused', attempt_count, stages: [aStage({ is_saved })] }), NOON, 0)
    expect(paused(true).key).toBe('sentence.paused')
    expect(paused(false)).toEqual({ key: 'sentence.paused_begins_again', values: { stage: 'copy' } })
    expect(paused(false, 0).key).toBe('sentence.paused_unbegun')
  })

  it('weighs the stages of the bar', () => {
    const task = aTask({ stages: [aStage({ weight: 1, state: 'completed' }), aStage({ name: 'verify', weight: 3 })] })
    expect(segments(task)).toEqual([
      { name: 'copy', width: 25, done: 100 },
      { name: 'verify', width: 75, done: 0 },
    ])
  })
})

describe('waiting', () => {
  it('names the executor that is missing, and counts what goes before', () => {
    const task = aTask({ task_status: 'queued', queue: 'nightly' })
    expect(sayWaiting({ kind: 'no_executor', summary: '' }, task)).toEqual({
      key: 'waiting.no_executor',
      values: { type: 'backup', queue: 'nightly' },
    })
    const position = { ahead: 2, ahead_elsewhere: 3, first_priority: 1, priority: 3 }
    expect(sayWaiting({ kind: 'behind_others', summary: '', position }, task)?.values).toEqual({ count: 5 })
  })

  it('says nothing of its own where the task says more', () => {
    expect(sayWaiting({ kind: 'retry', summary: '' }, aTask())).toBeUndefined()
  })
})
