import { describe, expect, it } from 'vitest'

import { Pace, sayRest } from './pace'

const report = (done: number, total = 1000, rate = 0) => ({ done, total, unit: 'bytes', message: '', rate })

function paced(seconds: number, each: (second: number) => number, total = 1000): Pace {
  const pace = new Pace()
  for (let second = 0; second <= seconds; second += 1) pace.add(second * 1000, report(each(second), total), 0)
  return pace
}

describe('the pace of a stage', () => {
  it('is that of the last minute, and unknown for the first seconds', () => {
    expect(paced(5, (second) => second).rate(5000)).toBeUndefined()
    expect(paced(120, (second) => (second < 60 ? 0 : (second - 60) * 2)).rate(120_000)).toBeCloseTo(2)
  })

  it('does not count what was skipped', () => {
    const pace = new Pace()
    for (let second = 0; second <= 20; second += 1) pace.add(second * 1000, report(second * 10), second * 9)
    expect(pace.rate(20_000)).toBeCloseTo(1)
  })

  it('begins again when an attempt does', () => {
    expect(paced(40, (second) => (second < 30 ? second * 10 : 0)).rate(40_000)).toBe(0)
  })

  it('says no end before half a minute and one percent, nor after the total grew', () => {
    const steady = paced(60, (second) => second)
    expect(steady.rest(60_000, report(60), 31_000)).toBeUndefined()
    expect(steady.rest(60_000, report(60, 100_000), 0)).toBeUndefined()
    expect(steady.rest(60_000, report(60, 0), 0)).toBeUndefined()
    steady.add(61_000, report(61, 2000), 0)
    expect([steady.hasGrown(62_000), steady.rest(62_000, report(61, 2000), 0)]).toEqual([true, undefined])
    expect(steady.hasGrown(92_000)).toBe(false)
  })

  it('says one time when it is steady, and two when it is not', () => {
    const steady = paced(60, (second) => second)
    expect(sayRest(steady.rest(60_000, report(60), 0)!)).toEqual({ key: 'remaining.min', values: { min: 20 } })
    const slowing = paced(60, (second) => (second < 45 ? second * 4 : 180 + (second - 45)))
    expect(sayRest(slowing.rest(60_000, report(195), 0)!)).toEqual({ key: 'remaining.range_min', values: { from: 4, to: 14 } })
  })

  it('has no end while nothing moves', () => {
    expect(paced(60, () => 100).rest(60_000, report(100), 0)).toBeUndefined()
    // Its last report still names the rate of before.
    const silent = paced(60, (second) => second)
    expect(silent.rate(200_000)).toBe(0)
    expect(silent.rest(80_000, report(60, 1000, 0.1), 0)).toBeUndefined()
  })
})
