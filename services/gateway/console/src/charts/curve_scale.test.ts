import { describe, expect, it } from 'vitest'

import { axisNumbers, axisOf, keyMove, lonePoints } from './curve_scale'

describe('the axis of a curve', () => {
  it('counts whole tasks', () => {
    expect(axisNumbers(0, 'tasks')).toEqual([0, 1])
    expect(axisNumbers(3, 'tasks')).toEqual([0, 1, 2, 3])
    expect(axisNumbers(1234, 'tasks')).toEqual([0, 500, 1000, 1500])
    expect(axisNumbers(4_000_000, 'tasks')).toEqual([0, 1_000_000, 2_000_000, 3_000_000, 4_000_000])
  })

  it('has durations that people count in', () => {
    expect(axisNumbers(850, 'ms')).toEqual([0, 500, 1000])
    expect(axisNumbers(95_000, 'ms')).toEqual([0, 30_000, 60_000, 90_000, 120_000])
    expect(axisNumbers(9 * 86_400_000, 'ms').map((ms) => ms / 86_400_000)).toEqual([0, 5, 10])
  })

  it('ends above every value', () => {
    for (let most = 1; most < 1e10; most = Math.ceil(most * 1.37)) {
      for (const unit of ['tasks', 'ms'] as const) {
        const numbers = axisNumbers(most, unit)
        expect(numbers.at(-1)).toBeGreaterThanOrEqual(most)
        expect(numbers.length).toBeLessThanOrEqual(6)
      }
    }
  })
})

describe('durations far apart', () => {
  it('are drawn by powers, others and counts are not', () => {
    expect(axisOf([[250, 300_000], [null, 4000]], 'ms')).toEqual({ numbers: [100, 1000, 10_000, 60_000, 600_000], isByPowers: true })
    expect(axisOf([[0, 40]], 'ms')).toEqual({ numbers: [0, 10, 20, 30, 40], isByPowers: false })
    expect(axisOf([[1, 1000]], 'tasks').isByPowers).toBe(false)
    expect(axisOf([], 'ms').numbers).toEqual([0, 1])
  })
})

describe('a gap', () => {
  it('leaves a point alone where a line would not show it', () => {
    expect(lonePoints([1, null, 2, 3, null, null, 4])).toEqual([0, 6])
    expect(lonePoints([null, null])).toEqual([])
  })
})

describe('the keys', () => {
  it('move the crosshair and stay on the curve', () => {
    expect(keyMove('ArrowLeft', undefined, 5)).toBe(4)
    expect(keyMove('ArrowLeft', 0, 5)).toBe(0)
    expect(keyMove('ArrowRight', 3, 5)).toBe(4)
    expect(keyMove('End', 0, 5)).toBe(4)
    expect(keyMove('x', 0, 5)).toBeUndefined()
  })
})
