import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'

import type { Task } from '@/transport/http'
import type { StreamReader } from '@/transport/live_events'
import { Problem } from '@/transport/problem'

vi.stubGlobal('document', { hidden: true, querySelector: () => null })
vi.stubGlobal('cancelAnimationFrame', () => {})
let stream: StreamReader
vi.mock('@/transport/live_events', () => ({
  readEvents: (_: () => string, reader: StreamReader) => {
    stream = reader
    return () => {}
  },
}))
let failure: Problem | undefined
vi.mock('@/transport/http', () => ({
  http: { GET: () => undefined },
  answer: async () => {
    if (failure) throw failure
    return { attempts: [{ epoch: 1 }], events: [], next_page_token: '', reasons: [{ attempt: {} }] }
  },
}))
const { useTaskView } = await import('./task_view')

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

it.each([
  ['the gateway was away', new Problem({ reason: 'NO_GATEWAY', detail: 'away' }), false],
  ['a store was away', new Problem({ reason: 'STORE_UNAVAILABLE', detail: 'away', status: 503 }), true],
])('a history that could not be read since %s is read again, also of a task that changes no more', async (_, problem, isSaid) => {
  const scope = effectScope()
  const view = scope.run(() => useTaskView(ref('t')))!
  failure = problem
  stream.onMessage({ tasks: [{ task_id: 't', version: 1, task_status: 'completed', stages: [] } as unknown as Task] })
  await vi.advanceTimersByTimeAsync(0)
  expect([view.isHistoryLoaded.value, !!view.problem.value]).toEqual([false, isSaid])
  await vi.advanceTimersByTimeAsync(3000)
  expect(view.isHistoryLoaded.value).toBe(false)
  failure = undefined
  await vi.advanceTimersByTimeAsync(3000)
  expect([view.isHistoryLoaded.value, view.history.value.attempts.length, view.problem.value]).toEqual([true, 1, undefined])
  scope.stop()
})

it('says when the work last moved once it is known, and not when the page was opened', async () => {
  const scope = effectScope()
  const view = scope.run(() => useTaskView(ref('t')))!
  failure = new Problem({ reason: 'NO_GATEWAY', detail: 'away' })
  stream.onMessage({ tasks: [{ task_id: 't', version: 1, task_status: 'running', attempt_count: 1, stages: [] } as unknown as Task] })
  await vi.advanceTimersByTimeAsync(0)
  expect(view.isMovedKnown.value).toBe(false)
  failure = undefined
  await vi.advanceTimersByTimeAsync(3000)
  expect(view.isMovedKnown.value).toBe(true)
  scope.stop()
})
