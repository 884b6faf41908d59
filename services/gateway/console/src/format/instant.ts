// Instants in the fields of a browser, which know no zone: `2026-01-31T22:00` in the reader's zone or in UTC.

import type { TimeZone } from './time'

/** The instant, RFC 3339; empty for an incomplete text. */
export function instantOf(local: string, zone: TimeZone): string {
  const date = new Date(zone === 'utc' ? `${local}Z` : local)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

/** The text for a field; empty for what is no instant. */
export function localOf(instant: string, zone: TimeZone): string {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return ''
  const offsetMs = zone === 'utc' ? 0 : date.getTimezoneOffset() * 60_000
  return new Date(date.getTime() - offsetMs).toISOString().slice(0, 16)
}
