import { describe, expect, it } from 'vitest'

import type { SeriesPoint, Task } from '@/transport/http'

import { said } from './said'
import { successPercent, sumsOf } from './series'
import { judge, type Situation } from './situation'
import { stalledTasks } from './stalled'

describe('the situation', () => {
  const calm: Situation = { executors: 1, waiting: 0, unservedTypes: [], failed: 0, failedAgo: said('ago.now') }

  it('is well, or its worst fact', () => {
    expect(judge(calm)).toMatchObject({ mood: 'well' })
    expect(judge({ ...calm, failed: 2 }).sentence).toEqual({ key: 'overview.failed', values: { count: 2, ago: said('ago.now') } })
    expect(judge({ ...calm, failed: 2, unservedTypes: ['backup'] })).toMatchObject({ mood: 'wrong', sentence: { key: 'overview.failed' } })
    expect(judge({ ...calm, unservedTypes: ['backup'] })).toMatchObject({ mood: 'watch', sentence: { key: 'overview.unserved' } })
    expect(judge({ ...calm, executors: 0, waiting: 3, unservedTypes: ['backup'] }).sentence.key).toBe('overview.no_executor_waiting')
    expect(judge({ ...calm, executors: 0 })).toMatchObject({ mood: 'watch' })
  })
})

describe('a series', () => {
  const point = (completed: number, failed: number) => ({ submitted: 1, completed, failed }) as SeriesPoint

  it('has sums, and a share of success that is 100 only when all succeeded', () => {
    expect(sumsOf([point(2, 0), point(3, 1)])).toEqual({ submitted: 2, completed: 5, failed: 1 })
    expect(successPercent({ completed: 99_999, failed: 1 })).toBe(99.9)
    expect(successPercent({ completed: 3, failed: 0 })).toBe(100)
    expect(successPercent({ completed: 0, failed: 0 })).toBeUndefined()
  })
})

describe('a stalled task', () => {
  const task = (id: string, percent: number, start: number) =>
    ({ task_id: id, percent, stages: [], start_time: new Date(start).toISOString() }) as unknown as Task

  it('has moved before, and not for a minute, as long as the page looks', () => {
    const tasks = [task('moved', 10, 0), task('still', 10, 0), task('says nothing', 0, 0), task('new', 10, 590_000)]
    const moved = new Map([['moved', 580_000]])
    expect(stalledTasks(tasks, moved, 500_000, 600_000).map(({ task }) => task.task_id)).toEqual(['still'])
    expect(stalledTasks(tasks, moved, 590_000, 600_000)).toEqual([])
  })
})
