// The filter of the list: as it stands in the URL, as it is typed, and as it is asked for.

import type { LocationQuery } from 'vue-router'

import { messageOf } from '@/format/failure'
import { TASK_STATES } from '@/format/state'
import type { TimeZone } from '@/format/time'
import type { TaskQuery } from '@/stores/task_query'
import type { FailureGroup, TaskState } from '@/transport/http'

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

/** What stands behind `error:`, where that is no fingerprint: part of a message. */
export function errorText(text: string): string | undefined {
  const found = /^\s*error:\s*(.*\S)\s*$/i.exec(text)?.[1]
  return found && !/^[0-9a-f]{16}$/.test(found) ? found : undefined
}

/** The kinds of errors that a text may mean: those of just this message, else those that have it in their message. */
export function kindsMeant(text: string, kinds: readonly FailureGroup[]): readonly FailureGroup[] {
  const wanted = text.toLowerCase()
  const said = (kind: FailureGroup) => messageOf(kind).toLowerCase()
  const just = kinds.filter((kind) => said(kind) === wanted)
  return just.length ? just : kinds.filter((kind) => said(kind).includes(wanted))
}

/**
 * `queue:photos` as a change of the filter; other text is looked for. Undefined for what would find nothing. A word before
 * the colon that is one of the known `labels` means this label.
 */
export function typed(text: string, filter: Filter, labels: ReadonlySet<string> = new Set()): Partial<Filter> | undefined {
  const given = text.trim()
  const cut = given.indexOf(':')
  const word = given.slice(0, cut)
  const behind = given.slice(cut + 1).trim()
  if (labels.has(word) && behind) return typed(`label:${word}=${behind}`, filter)
  const part = WORDS[word.toLowerCase()]
  const value = part ? behind : given
  const name = part ?? 'text'
  if (!value || (name === 'text' && (value.length < 2 || value.length > 128))) return undefined
  if (name === 'label' && !/^[^=]+=./.test(value)) return undefined
  if (name === 'state' && !(TASK_STATES as string[]).includes(value)) return undefined
  if (name === 'state' || name === 'type' || name === 'label') return { [name]: [...new Set([...filter[name], value])] }
  return { [name]: value }
}
