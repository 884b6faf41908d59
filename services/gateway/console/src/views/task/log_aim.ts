// Where in a log a reader wants to go: to a line by its number, or to the lines of a time.

import { instantOf, localOf } from '@/format/instant'
import type { TimeZone } from '@/format/time'
import type { LogPlace, LogWay } from '@/stores/log'
import type { Attempt, LogLine } from '@/transport/http'

import { placeOf } from './log_places'

export type LogAim = { sequence: number; epoch?: number } | { at: number }

const DAY_MS = 86_400_000
/** Behind the last line of every attempt. */
const BEHIND_ALL = 2 ** 31 - 1

/**
 * `140`, `2.140` for a line of attempt 2, `14:03`, `14:03:22` or `2026-06-15 14:03`; undefined for any other text.
 * A time without a day is the one nearest to `near`, the time of the lines that the reader sees.
 */
export function aimOf(text: string, near: number, zone: TimeZone): LogAim | undefined {
  const line = /^(?:(\d{1,9})\.)?(\d{1,9})$/.exec(text.trim())
  if (line) return { sequence: Number(line[2]), ...(line[1] ? { epoch: Number(line[1]) } : {}) }
  const time = /^(?:(\d{4}-\d\d-\d\d)[ T])?(\d{1,2}:\d\d(?::\d\d(?:[.]\d{1,3})?)?)$/.exec(text.trim())
  if (!time?.[2]) return undefined
  const clock = time[2].replace(/^\d:/, (hour) => `0${hour}`)
  const days = time[1] ? [time[1]] : [-1, 0, 1].map((by) => localOf(new Date(near + by * DAY_MS).toISOString(), zone).slice(0, 10))
  const instants = days.map((day) => Date.parse(instantOf(`${day}T${clock}`, zone))).filter((at) => !Number.isNaN(at))
  if (!instants.length) return undefined
  return { at: instants.reduce((best, at) => (Math.abs(at - near) < Math.abs(best - near) ? at : best)) }
}

/** The place of the first line that was written at a time or after it. `read`: the one line that a way leads to. */
export async function placeAt(
  at: number,
  attempts: readonly Attempt[],
  read: (way: LogWay) => Promise<LogLine | undefined>,
): Promise<LogPlace | undefined> {
  const begun = attempts.filter((one) => Date.parse(one.start_time ?? '') <= at)
  const attempt = (begun.at(-1) ?? attempts[0])?.attempt_id
  if (!attempt) return undefined
  const last = await read({ newestFirst: true, from: { attempt, sequence: BEHIND_ALL } })
  // Lines have no index by time, so their numbers are halved: 20 reads for a million lines.
  let low = 1
  let high = last?.attempt_id === attempt ? last.sequence + 1 : 1
  while (low < high) {
    const middle = (low + high) >> 1
    const line = await read({ from: { attempt, sequence: middle } })
    if (line?.attempt_id === attempt && Date.parse(line.time ?? '') < at) low = placeOf(line).sequence + 1
    else high = middle
  }
  return { attempt, sequence: low }
}
