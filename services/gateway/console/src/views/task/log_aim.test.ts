import { describe, expect, it } from 'vitest'

import type { Attempt, LogLine } from '@/transport/http'

import { aimOf, placeAt } from './log_aim'

const NEAR = Date.parse('2026-06-15T23:50:00Z')
const at = (text: string) => ({ at: Date.parse(text) })

describe('where a reader wants to go', () => {
  it('is a line, of an attempt too', () => {
    expect(aimOf(' 140 ', NEAR, 'utc')).toEqual({ sequence: 140 })
    expect(aimOf('2.140', NEAR, 'utc')).toEqual({ epoch: 2, sequence: 140 })
  })

  it('is a time, of the day that is nearest to what the reader sees', () => {
    expect(aimOf('23:45', NEAR, 'utc')).toEqual(at('2026-06-15T23:45:00Z'))
    expect(aimOf('0:03:22.5', NEAR, 'utc')).toEqual(at('2026-06-16T00:03:22.500Z'))
    expect(aimOf('2026-06-10 14:03', NEAR, 'utc')).toEqual(at('2026-06-10T14:03:00Z'))
  })

  it('is nothing by any other text', () => {
    for (const text of ['', 'x', '14:', '25:00', '2026-06-40 14:03', '1.2.3', '-5']) expect(aimOf(text, NEAR, 'utc')).toBeUndefined()
  })
})

describe('the first line of a time', () => {
  // Two attempts; the second one skipped numbers, as after a loss.
  const start = Date.parse('2026-06-15T12:00:00Z')
  const line = (attempt: string, sequence: number, second: number) =>
    ({ attempt_id: attempt, sequence, time: new Date(start + second * 1000).toISOString(), message: '' }) as LogLine
  const lines = [...Array.from({ length: 1000 }, (_, index) => line('a', index + 1, index)), line('b', 5, 2000), line('b', 90, 2050)]
  const attempts = [
    { attempt_id: 'a', start_time: new Date(start).toISOString() },
    { attempt_id: 'b', start_time: new Date(start + 1990_000).toISOString() },
  ] as Attempt[]
  let reads = 0
  const read = (way: { newestFirst?: boolean; from?: { attempt: string; sequence: number } }) => {
    reads += 1
    const from = way.from!
    const isBefore = (one: LogLine) => one.attempt_id! < from.attempt || (one.attempt_id === from.attempt && one.sequence < from.sequence)
    return Promise.resolve(way.newestFirst ? lines.filter(isBefore).at(-1) : lines.find((one) => !isBefore(one)))
  }
  const found = (second: number) => placeAt(start + second * 1000, attempts, read)

  it('is found by few reads', async () => {
    expect(await found(640)).toEqual({ attempt: 'a', sequence: 641 })
    expect(reads).toBeLessThan(13)
    expect(await found(639.5)).toEqual({ attempt: 'a', sequence: 641 })
    expect(await found(2010)).toEqual({ attempt: 'b', sequence: 6 })
  })

  it('is the next one where nothing was written, and an end outside of the log', async () => {
    expect(await found(1500)).toEqual({ attempt: 'a', sequence: 1001 })
    expect(await found(-60)).toEqual({ attempt: 'a', sequence: 1 })
    expect(await found(9000)).toEqual({ attempt: 'b', sequence: 91 })
    expect(await placeAt(start, [], read)).toBeUndefined()
  })
})
