import { describe, expect, it } from 'vitest'

import type { Task } from '@/transport/http'

import { groupFailures } from './failures'
import { judge, type Situation } from './situation'

const failed = (message: string, minute: number, taskType = 'report') =>
  ({
    task_id: `${minute}`,
    task_type: taskType,
    failure: { message, reason: 'HANDLER_ERROR' },
    end_time: new Date(minute * 60_000).toISOString(),
  }) as Task

describe('failures', () => {
  it('that differ only in numbers are one group, with the latest message', () => {
    const groups = groupFailures([failed('cannot open 5.pdf\nmore', 1), failed('cannot open 12.pdf', 3), failed('cannot open 5.pdf', 2, 'other')])
    expect(groups).toMatchObject([
      { taskType: 'report', message: 'cannot open 12.pdf', count: 2, firstMs: 60_000, lastMs: 180_000, last: { task_id: '3' } },
      { taskType: 'other', count: 1 },
    ])
  })
})

describe('the situation', () => {
  const calm: Situation = { executors: 1, running: 0, waiting: 0, unservedTypes: [], failedLastDay: 0, isFailedPartial: false }

  it('is well, or its worst fact', () => {
    expect(judge(calm)).toMatchObject({ mood: 'well' })
    expect(judge({ ...calm, failedLastDay: 2 }).sentence).toEqual({ key: 'overview.failed', values: { count: 2 } })
    expect(judge({ ...calm, failedLastDay: 2, unservedTypes: ['backup'] }).sentence.key).toBe('overview.unserved')
    expect(judge({ ...calm, executors: 0, waiting: 3, unservedTypes: ['backup'] }).sentence.key).toBe('overview.no_executor_waiting')
    expect(judge({ ...calm, executors: 0 })).toMatchObject({ mood: 'watch' })
  })
})
