// Places in a log: a line is known by its number within its attempt. Attempts, and so lines, sort by their ids.

import type { LogPlace } from '@/stores/log'
import type { LogLine } from '@/transport/http'

/** Lines that are kept at once. */
export const MOST_LINES = 5000

export const placeOf = (line: LogLine): LogPlace => ({ attempt: line.attempt_id ?? '', sequence: line.sequence })
export const keyOf = (place: LogPlace): string => `${place.attempt} ${place.sequence}`

export function compare(a: LogPlace, b: LogPlace): number {
  if (a.attempt !== b.attempt) return a.attempt < b.attempt ? -1 : 1
  return a.sequence - b.sequence
}

/** The index of the first line at or behind a place; the number of lines if all are before it. */
export function indexAt(lines: LogLine[], place: LogPlace): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(placeOf(lines[middle]!), place) < 0) low = middle + 1
    else high = middle
  }
  return low
}

export function has(lines: LogLine[], place: LogPlace): boolean {
  const line = lines[indexAt(lines, place)]
  return line !== undefined && compare(placeOf(line), place) === 0
}

/** Lines with newer ones behind them; the oldest go where there are too many. A line that is there already stays once. */
export function appended(lines: LogLine[], newer: LogLine[], most = MOST_LINES): LogLine[] {
  const last = lines.at(-1)
  const found = last ? newer.filter((line) => compare(placeOf(line), placeOf(last)) > 0) : newer
  return found.length ? [...lines, ...found].slice(-most) : lines
}

/** Lines with older ones before them; the newest go where there are too many. */
export function prepended(lines: LogLine[], older: LogLine[], most = MOST_LINES): LogLine[] {
  const first = lines[0]
  const found = first ? older.filter((line) => compare(placeOf(line), placeOf(first)) < 0) : older
  return found.length ? [...found, ...lines].slice(0, most) : lines
}

export interface LogRange {
  first: LogPlace
  last: LogPlace
}

/** `2.140` or `2.140-2.160`: lines by the numbers of their attempts, as links name them. */
export function rangeText({ first, last }: LogRange, attempts: Map<string, number>): string {
  const text = ({ attempt, sequence }: LogPlace) => `${attempts.get(attempt) ?? 0}.${sequence}`
  return compare(first, last) === 0 ? text(first) : `${text(first)}-${text(last)}`
}

/** What a link names; nothing if it is none, or names an attempt that is not known. */
export function rangeOf(text: string, attempts: Map<string, number>): LogRange | undefined {
  const match = /^(\d+)\.(\d+)(?:-(\d+)\.(\d+))?$/.exec(text)
  if (!match) return undefined
  const place = (epoch: string, sequence: string): LogPlace | undefined => {
    const attempt = [...attempts].find(([, number]) => number === Number(epoch))?.[0]
    return attempt ? { attempt, sequence: Number(sequence) } : undefined
  }
  const first = place(match[1]!, match[2]!)
  const last = match[3] && match[4] ? place(match[3], match[4]) : first
  return first && last ? ordered(first, last) : undefined
}

export const ordered = (a: LogPlace, b: LogPlace): LogRange =>
  compare(a, b) <= 0 ? { first: a, last: b } : { first: b, last: a }

export const isWithin = (place: LogPlace, range: LogRange): boolean =>
  compare(place, range.first) >= 0 && compare(place, range.last) <= 0

/** The hit that a first step leads to: the next one from what is seen, around the ends. */
export function firstStep(hits: LogPlace[], by: 1 | -1, seen: LogPlace | undefined): number {
  if (!seen) return by > 0 ? 0 : hits.length - 1
  const next = hits.findIndex((hit) => compare(hit, seen) >= 0)
  if (by > 0) return next < 0 ? 0 : next
  return next === 0 ? hits.length - 1 : (next < 0 ? hits.length : next) - 1
}
