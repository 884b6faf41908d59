import { describe, expect, it } from 'vitest'

import type { Executor, Queue, TaskType } from '@/transport/http'

import { retryDelays, sayPolicies } from './policy'
import { sayTypeWaits, type QueueType } from './queue_waiting'
import { queuesOfTypes, unservedLanes, unservedLevel } from './serving'

const RETRY = { max_attempts: 5, initial_delay_ms: 1000, max_delay_ms: 3000, multiplier: 2 }
const type = (retry: object) =>
  ({ queue: 'default', priority: 3, max_running: 0, crash_budget: 3, retry: { ...RETRY, ...retry } }) as TaskType

describe('the policies of a type', () => {
  it('are said in the words of their numbers', () => {
    expect(sayPolicies(type({})).map((one) => one.key)).toEqual(['type.place', 'type.no_limit', 'type.retries', 'type.crashes'])
    expect(sayPolicies(type({ max_attempts: 1 }))[2]?.key).toBe('type.no_retry')
    expect(sayPolicies(type({ max_attempts: 2 }))[2]?.key).toBe('type.retry_once')
  })

  it('have delays that grow up to the longest', () => {
    expect(retryDelays(RETRY, 3)).toEqual([1000, 2000, 3000])
  })
})

describe('waiting tasks', () => {
  const waiting = { task_type: 'backup', depth: 2, running: 1, max_running: 0 } as QueueType
  const executor = (given: object) =>
    ({ connected: true, draining: false, task_types: ['backup'], queues: [], slots: 1, running: 0, ...given }) as unknown as Executor

  const none = queuesOfTypes([])

  it('wait for what holds them up', () => {
    const inOther = [{ name: 'night', types: [{ ...waiting, running: 1 }] }] as unknown as Queue[]
    expect(sayTypeWaits('default', { ...waiting, max_running: 1 }, inOther, [executor({})], none)?.key).toBe('queues.limit_full')
    expect(sayTypeWaits('default', waiting, [], [executor({ queues: ['night'] }), executor({ draining: true })], none)?.key).toBe('queues.no_executor')
    expect(sayTypeWaits('default', waiting, [], [executor({ running: 1 })], none)?.key).toBe('queues.slots_full')
    expect(sayTypeWaits('default', waiting, [], [executor({})], none)).toBeUndefined()
  })

  it('are served where their type names the queue, as the doctor judges it', () => {
    const queues = [{ name: 'media', types: [waiting, { ...waiting, task_type: 'idle', depth: 0 }] }] as unknown as Queue[]
    const named = queuesOfTypes([{ name: 'backup', queue: 'default', queues: [] } as unknown as TaskType])
    expect(unservedLanes(queues, [executor({})], none)).toEqual([])
    expect(unservedLanes(queues, [executor({})], named)).toEqual([{ queue: 'media', type: 'backup', depth: 2 }])
    expect(unservedLanes(queues, [executor({ queues: ['media'] })], named)).toEqual([])
    expect([unservedLevel([executor({})]), unservedLevel([executor({ draining: true })])]).toEqual(['attention', 'broken'])
  })
})
