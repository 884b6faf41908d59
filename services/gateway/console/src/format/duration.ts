// How long something took or will take.

import { said, type Said } from './said'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Seconds only below two minutes; the two largest units otherwise. */
export function sayDuration(ms: number): Said {
  if (ms < 1000) return ms < 1 ? said('duration.s', { s: 0 }) : said('duration.ms', { ms: Math.round(ms) })
  const seconds = Math.floor(ms / 1000)
  if (seconds < 10) return said('duration.s', { s: Math.floor(ms / 100) / 10 })
  if (seconds < 2 * MINUTE) return said('duration.s', { s: seconds })
  if (seconds < HOUR) return said('duration.min', { min: Math.floor(seconds / MINUTE) })
  if (seconds < DAY) return said('duration.h', { h: Math.floor(seconds / HOUR), min: two((seconds % HOUR) / MINUTE) })
  return said('duration.d', { d: Math.floor(seconds / DAY), h: Math.floor((seconds % DAY) / HOUR) })
}

/** The age of something, in whole steps, so that it changes as rarely as it can. */
export function sayAgo(ms: number): Said {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 1) return said('ago.now')
  if (seconds < 2 * MINUTE) return said('ago.s', { s: seconds })
  if (seconds < 2 * HOUR) return said('ago.min', { min: Math.floor(seconds / MINUTE) })
  if (seconds < 2 * DAY) return said('ago.h', { h: Math.floor(seconds / HOUR) })
  return said('ago.d', { d: Math.floor(seconds / DAY) })
}

/** A remaining time, or a range of it, rounded as far as it can be known: as the command line does. */
export function sayRemaining(least: number, most = least): Said {
  return (least < most ? sayRange(least, most) : undefined) ?? sayRounded(most)
}

function sayRounded(seconds: number): Said {
  if (seconds < MINUTE) return said('remaining.s', { s: Math.max(5, Math.ceil(seconds / 5) * 5) })
  if (seconds < 10 * MINUTE) return said('remaining.min', { min: Math.ceil(seconds / MINUTE) })
  if (seconds < 2 * HOUR) return said('remaining.min', { min: Math.ceil(seconds / (5 * MINUTE)) * 5 })
  if (seconds < 2 * DAY) return said('remaining.h', { h: Math.round(seconds / (HOUR / 2)) / 2 })
  return said('remaining.d', { d: Math.ceil(seconds / DAY) })
}

/** Between two times, in whole units of the longer one; undefined where both read the same. */
function sayRange(least: number, most: number): Said | undefined {
  const [unit, key] = most < 2 * MINUTE ? [0, ''] : most < 2 * HOUR ? [MINUTE, 'min'] : most < 2 * DAY ? [HOUR, 'h'] : [DAY, 'd']
  if (!unit) return undefined
  const [from, to] = [Math.max(1, Math.floor(least / unit)), Math.ceil(most / unit)]
  return from < to ? said(`remaining.range_${key}`, { from, to }) : undefined
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}
