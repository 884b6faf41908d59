// Points in time, by a 24-hour clock, in the reader's zone or in UTC.

import { said, type Said } from './said'

export type TimeZone = 'mine' | 'utc'

const DAY_MS = 86_400_000

/** Today `14:03:22`, yesterday with its word, else with the date. */
export function sayTime(ms: number, nowMs: number, language: string, zone: TimeZone): Said | string {
  const day = dayOf(ms, zone)
  if (day === dayOf(nowMs, zone)) return clockTime(ms, language, zone)
  const minutes = part(ms, language, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  if (day === dayOf(nowMs - DAY_MS, zone)) return said('time.yesterday', { time: minutes })
  const isThisYear = day.slice(0, 4) === dayOf(nowMs, zone).slice(0, 4)
  const year = isThisYear ? {} : ({ year: 'numeric' } as const)
  return `${part(ms, language, zone, { month: 'short', day: 'numeric', ...year })} ${minutes}`
}

/** The zone in which times are shown and given. */
export const zoneName = (zone: TimeZone) => (zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone)

export function clockTime(ms: number, language: string, zone: TimeZone): string {
  return part(ms, language, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
}

/** `14:03`, of today; of another day with its date. For times that are not exact. */
export function roughTime(ms: number, nowMs: number, language: string, zone: TimeZone): string {
  const minutes = part(ms, language, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  if (dayOf(ms, zone) === dayOf(nowMs, zone)) return minutes
  return `${part(ms, language, zone, { month: 'short', day: 'numeric' })} ${minutes}`
}

/** `14:03:22.418`, for logs. */
export function logTime(ms: number, language: string, zone: TimeZone): string {
  return `${clockTime(ms, language, zone)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`
}

/** For an axis: `14:00`, and the date at midnight. */
export function axisTime(ms: number, language: string, zone: TimeZone): string {
  const minutes = part(ms, language, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return minutes === '00:00' ? part(ms, language, zone, { month: 'short', day: 'numeric' }) : minutes
}

/** Everything, with the zone, for titles. */
export function exactTime(ms: number, language: string, zone: TimeZone): string {
  return part(ms, language, zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
}

function dayOf(ms: number, zone: TimeZone): string {
  return part(ms, 'sv', zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

const formats = new Map<string, Intl.DateTimeFormat>()

function part(ms: number, language: string, zone: TimeZone, options: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${zone} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(language, zone === 'utc' ? { ...options, timeZone: 'UTC' } : options)
    formats.set(key, format)
  }
  return format.format(ms)
}
