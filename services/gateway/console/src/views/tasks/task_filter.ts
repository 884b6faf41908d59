// The filter of the list: as it stands in the URL, as it is typed, and as it is asked for.

import type { LocationQuery } from 'vue-router'

import { TASK_STATES } from '@/format/state'
import type { TimeZone } from '@/format/time'
import type { TaskQuery } from '@/stores/task_query'
import type { TaskState } from '@/transport/http'

/** Its parts, by their names in the URL. */
export const LISTS = ['state', 'type', 'label'] as const
export const TEXTS = ['queue', 'error_fingerprint', 'text', 'submit_time_start', 'submit_time_end'] as const
export const PARTS = [...LISTS, ...TEXTS] as const
export type Part = (typeof PARTS)[number]
export type Filter = Record<(typeof LISTS)[number], string[]> & Record<(typeof TEXTS)[number], string>

/** Beginnings that move with the time; in the URL they stand as words. */
export const SPANS = ['1h', 'today', '24h', '7d'] as const

export function filterOf(query: LocationQuery): Filter {
  const all = (name: Part) => [query[name]].flat().filter((one): one is string => !!one)
  const lists = Object.fromEntries(LISTS.map((name) => [name, all(name)]))
  const texts = Object.fromEntries(TEXTS.map((name) => [name, all(name)[0] ?? '']))
  return { ...lists, ...texts } as Filter
}

/** The filter as part of a URL; what is empty is left out. */
export function urlOf(filter: Partial<Filter>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value.length))
}

export function queryOf(filter: Filter, nowMs: number, zone: TimeZone): TaskQuery {
  const states = filter.state.filter((one): one is TaskState => (TASK_STATES as string[]).includes(one))
  return {
    states,
    types: filter.type,
    labels: filter.label.filter((one) => one.includes('=')),
    queue: filter.queue,
    fingerprint: filter.error_fingerprint,
    text: filter.text,
    since: instantOf(filter.submit_time_start, nowMs, zone),
    until: instantOf(filter.submit_time_end, nowMs, zone),
  }
}

function instantOf(text: string, nowMs: number, zone: TimeZone): string {
  const span = /^(\d+)(h|d)$/.exec(text)
  if (span) return new Date(nowMs - Number(span[1]) * (span[2] === 'h' ? 3_600_000 : 86_400_000)).toISOString()
  if (text === 'today') {
    const day = new Date(nowMs)
    if (zone === 'utc') day.setUTCHours(0, 0, 0, 0)
    else day.setHours(0, 0, 0, 0)
    return day.toISOString()
  }
  const time = Date.parse(text)
  return Number.isNaN(time) ? '' : new Date(time).toISOString()
}

/** Part of the filter that each word before a colon means, as it is typed. */
const WORDS: Record<string, Part> = {
  state: 'state',
  type: 'type',
  label: 'label',
  queue: 'queue',
  error: 'error_fingerprint',
  text: 'text',
}
export const TYPED_WORDS = Object.keys(WORDS)

/** `queue:photos` as a change of the filter; other text is looked for. Undefined for what would find nothing. */
export function typed(text: string, filter: Filter): Partial<Filter> | undefined {
  const given = text.trim()
  const cut = given.indexOf(':')
  const part = WORDS[given.slice(0, cut).toLowerCase()]
  const value = part ? given.slice(cut + 1).trim() : given
  const name = part ?? 'text'
  if (!value || (name === 'text' && (value.length < 2 || value.length > 128))) return undefined
  if (name === 'label' && !value.includes('=')) return undefined
  if (name === 'state' && !(TASK_STATES as string[]).includes(value)) return undefined
  if (name === 'state' || name === 'type' || name === 'label') return { [name]: [...new Set([...filter[name], value])] }
  return { [name]: value }
}
