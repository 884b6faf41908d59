import { describe, expect, it } from 'vitest'

import type { Executor, Queue } from '@/transport/http'

import { executorState, sayIdle, seated } from './executor'

const executor = (given: Partial<Executor> = {}) =>
  ({ slots: 4, running: 0, task_types: ['backup'], queues: [], connected: true, draining: false, ...given }) as Executor
const queue = (depth: number, running: number, most: number) =>
  ({ name: 'default', types: [{ task_type: 'backup', depth, running, max_running: most }] }) as unknown as Queue

describe('an executor', () => {
  it('is silent before it is anything else', () => {
    expect(executorState(executor({ draining: true }), 25_000)).toBe('silent')
    expect(executorState(executor({ draining: true }), 0)).toBe('draining')
    expect(executorState(executor({ running: 1 }), 12_000)).toBe('working')
  })

  it('says why it is idle', () => {
    expect(sayIdle(executor(), [queue(0, 0, 0)])?.key).toBe('executors.nothing_waits')
    expect(sayIdle(executor(), [queue(3, 2, 2)])).toEqual({ key: 'executors.held', values: { count: 3, type: 'backup', most: 2 } })
    expect(sayIdle(executor({ queues: ['night'] }), [queue(3, 2, 2)])?.key).toBe('executors.nothing_waits')
    expect(sayIdle(executor({ running: 4 }), [queue(3, 2, 2)])).toBeUndefined()
  })

  it('keeps every task in its slot', () => {
    expect(seated([], ['a', 'b'])).toEqual(['a', 'b'])
    expect(seated(['a', 'b', 'c'], ['c', 'd'])).toEqual(['d', undefined, 'c'])
  })
})
