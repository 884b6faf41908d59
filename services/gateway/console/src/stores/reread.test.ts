import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'

import { Problem } from '@/transport/problem'

import { AGAIN_MS, untilRead, useReread } from './reread'

const away = () => new Problem({ reason: 'UNREACHABLE', detail: 'away' })
const wrong = () => new Problem({ reason: 'TASK_NOT_FOUND', detail: 'no such task', status: 404 })

describe('what could not be read', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is read again after each problem that may pass, until its page is left', async () => {
    const problem = shallowRef<Problem>()
    const load = vi.fn(() => (problem.value = away()))
    const scope = effectScope()
    scope.run(() => useReread(() => problem.value, load))
    problem.value = away()
    await nextTick()
    for (let times = 1; times < 4; times += 1) {
      await vi.advanceTimersByTimeAsync(AGAIN_MS)
      expect(load).toHaveBeenCalledTimes(times)
    }
    scope.stop()
    await vi.advanceTimersByTimeAsync(10 * AGAIN_MS)
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('is left alone where it was refused for good', async () => {
    const problem = shallowRef<Problem>()
    const load = vi.fn()
    effectScope().run(() => useReread(() => problem.value, load))
    problem.value = wrong()
    await vi.advanceTimersByTimeAsync(10 * AGAIN_MS)
    expect(load).not.toHaveBeenCalled()
  })

  it('is answered once there is an answer, and not where nobody wants it any more', async () => {
    const read = vi.fn().mockRejectedValueOnce(away()).mockRejectedValueOnce(away()).mockResolvedValue('answer')
    const answer = untilRead(read, () => true)
    await vi.advanceTimersByTimeAsync(2 * AGAIN_MS)
    expect(await answer).toBe('answer')

    let isWanted = true
    const given = untilRead(vi.fn().mockRejectedValue(away()), () => isWanted)
    isWanted = false
    await vi.advanceTimersByTimeAsync(AGAIN_MS)
    expect(await given).toBe(undefined)
    expect(await untilRead(vi.fn().mockRejectedValue(wrong()), () => true)).toBe(undefined)
  })
})
