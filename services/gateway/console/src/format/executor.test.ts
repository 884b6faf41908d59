import { describe, expect, it } from 'vitest'

import type { Executor, Health, Queue, TaskType } from '@/transport/http'

import { executorState, sayDrain, sayIdle, saySilent, saySlots, seated } from './executor'

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

  it('that drains offers no slots, and says what it holds', () => {
    expect(saySlots(executor({ slots: 0, running: 3 }))).toEqual({ key: 'executors.holds', values: { count: 3 } })
    expect(saySlots(executor({ running: 3 })).values).toEqual({ running: 3, count: 4 })
  })

  it('that is silent leaves its tasks to others only where there are some', () => {
    const silent = executor({ executor_id: 'a', connected: false })
    expect(saySilent(silent, [silent, executor({ executor_id: 'b', task_types: ['sync'] })]).key).toBe('executors.silent_alone')
    expect(saySilent(silent, [silent, executor({ executor_id: 'b' })]).key).toBe('executors.state.silent')
  })

  const idle = (one: Executor, queues: Queue[], given: { types?: TaskType[]; health?: Health } = {}) =>
    sayIdle(one, { queues, types: given.types ?? [], health: given.health })

  it('says why it is idle', () => {
    expect(idle(executor(), [queue(0, 0, 0)])?.key).toBe('executors.nothing_waits')
    expect(idle(executor(), [queue(3, 2, 2)])).toEqual({ key: 'executors.held', values: { count: 3, type: 'backup', most: 2 } })
    expect(idle(executor({ running: 4 }), [queue(3, 2, 2)])).toBeUndefined()
    expect(idle(executor({ connected: false }), [queue(3, 0, 0)])).toBeUndefined()
    expect(idle(executor(), [queue(3, 0, 0)])).toEqual({ key: 'executors.next', values: { count: 3, type: 'backup' } })
  })

  it('says that what waits is for others', () => {
    expect(idle(executor({ queues: ['night'] }), [queue(3, 2, 2)])?.values).toEqual({ count: 3, type: 'backup', queue: 'default' })
    expect(idle(executor({ task_types: ['sync'] }), [queue(3, 0, 0)])).toEqual({ key: 'executors.other_types', values: { count: 3, types: 'backup' } })
    expect(idle(executor({ task_types: ['sync'], running: 1 }), [queue(3, 0, 0)])).toBeUndefined()
    expect(idle(executor({ task_types: [] }), [queue(3, 0, 0)])?.key).toBe('executors.no_types')
  })

  it('serves the queues of its types when it names none', () => {
    const types = [{ name: 'backup', queue: 'night', queues: ['night'] }] as unknown as TaskType[]
    expect(idle(executor(), [queue(3, 0, 0)], { types })?.key).toBe('executors.other_queue')
    expect(idle(executor({ queues: ['default'] }), [queue(3, 0, 0)], { types })?.key).toBe('executors.next')
  })

  it('waits for Redis to be filled again', () => {
    const health = { checks: [{ name: 'queues', fact: 'rebuilding' }] } as unknown as Health
    expect(idle(executor(), [queue(3, 0, 0)], { health })?.key).toBe('executors.rebuilding')
  })

  it('says how far it has drained', () => {
    expect(sayDrain(executor(), 3)).toBeUndefined()
    expect(sayDrain(executor({ draining: true, running: 1 }), 3)?.values).toEqual({ count: 3, done: 2 })
    expect(sayDrain(executor({ draining: true, running: 2 }), undefined)?.values).toEqual({ count: 2, done: 0 })
    expect(sayDrain(executor({ draining: true }), 3)?.key).toBe('executors.handed_over_all')
  })

  it('keeps every task in its slot', () => {
    expect(seated([], ['a', 'b'])).toEqual(['a', 'b'])
    expect(seated(['a', 'b', 'c'], ['c', 'd'])).toEqual(['d', undefined, 'c'])
  })
})
