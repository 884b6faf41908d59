import { describe, expect, it } from 'vitest'

import type { LogLine } from '@/transport/http'

import { appended, firstStep, has, indexAt, ordered, prepended, rangeOf, rangeText } from './log_places'

const A = '019a0000-0000-7000-8000-000000000001'
const B = '019b0000-0000-7000-8000-000000000001'
const line = (attempt_id: string, sequence: number): LogLine =>
  ({ attempt_id, sequence, message: `line ${sequence}`, stage: '', logger: '' }) as LogLine
const span = (attempt: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => line(attempt, from + index))
const numbers = (lines: LogLine[]) => lines.map((one) => one.sequence)

describe('the lines in memory', () => {
  it('take newer lines once, also those of the next attempt', () => {
    const lines = appended(span(A, 1, 3), [...span(A, 2, 4), ...span(B, 1, 2)])
    expect(numbers(lines)).toEqual([1, 2, 3, 4, 1, 2])
    expect(appended(lines, span(B, 1, 2))).toBe(lines)
  })

  it('let the other end go where there are too many', () => {
    expect(numbers(appended(span(A, 1, 4), span(A, 5, 6), 4))).toEqual([3, 4, 5, 6])
    expect(numbers(prepended(span(A, 5, 8), span(A, 3, 5), 4))).toEqual([3, 4, 5, 6])
  })

  it('are found by their places', () => {
    const lines = [...span(A, 5, 9), ...span(B, 1, 3)]
    expect(indexAt(lines, { attempt: A, sequence: 7 })).toBe(2)
    expect(indexAt(lines, { attempt: B, sequence: 1 })).toBe(5)
    expect(indexAt(lines, { attempt: B, sequence: 9 })).toBe(8)
    expect(has(lines, { attempt: A, sequence: 10 })).toBe(false)
    expect(has(lines, { attempt: B, sequence: 3 })).toBe(true)
  })
})

describe('a link to lines', () => {
  const attempts = new Map([
    [A, 1],
    [B, 2],
  ])

  it('comes back as it was', () => {
    for (const text of ['1.7', '1.7-2.3', '2.10-2.12']) {
      expect(rangeText(rangeOf(text, attempts)!, attempts)).toBe(text)
    }
  })

  it('is in order whichever line was clicked first', () => {
    expect(ordered({ attempt: B, sequence: 1 }, { attempt: A, sequence: 9 }).first.attempt).toBe(A)
    expect(rangeText(rangeOf('2.12-2.10', attempts)!, attempts)).toBe('2.10-2.12')
  })

  it('is nothing where it names no line', () => {
    for (const text of ['', '7', '9.1', '1.x', '1.2-', '1.2-9.3']) expect(rangeOf(text, attempts)).toBeUndefined()
  })
})

describe('the first step of a search', () => {
  const hits = [2, 5, 9].map((sequence) => ({ attempt: A, sequence }))

  it('leads to the next hit from what is seen, around the ends', () => {
    expect(firstStep(hits, 1, { attempt: A, sequence: 4 })).toBe(1)
    expect(firstStep(hits, 1, { attempt: B, sequence: 1 })).toBe(0)
    expect(firstStep(hits, -1, { attempt: A, sequence: 4 })).toBe(0)
    expect(firstStep(hits, -1, { attempt: A, sequence: 1 })).toBe(2)
    expect(firstStep(hits, -1, { attempt: B, sequence: 1 })).toBe(2)
    expect(firstStep(hits, 1, undefined)).toBe(0)
  })
})
