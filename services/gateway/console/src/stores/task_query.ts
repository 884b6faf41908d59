// Which tasks a list has: every condition that is set must hold.

import type { Overview, Task, TaskState } from '@/transport/http'
import type { paths } from '@/transport/schema'

export interface TaskQuery {
  states?: readonly TaskState[]
  types?: readonly string[]
  queue?: string
  /** Each as `name=value`. */
  labels?: readonly string[]
  /** Submitted at or after, and before: instants. */
  since?: string
  until?: string
  fingerprint?: string
  /** The whole id, or a part of the type's name or of a label's value; with `=` a whole label. */
  text?: string
}

type RestQuery = Omit<NonNullable<paths['/api/v1/tasks']['get']['parameters']['query']>, 'page_size' | 'page_token' | 'view'>

/** The conditions as the REST API names them. */
export function restQuery(query: TaskQuery): RestQuery {
  const { states, types, queue, labels, since, until, fingerprint, text } = query
  return {
    ...(states?.length ? { task_status: [...states] } : {}),
    ...(types?.length ? { task_type: [...types] } : {}),
    ...(queue ? { queue } : {}),
    ...(labels?.length ? { label: [...labels] } : {}),
    ...(since ? { submit_time_start: since } : {}),
    ...(until ? { submit_time_end: until } : {}),
    ...(fingerprint ? { error_fingerprint: fingerprint } : {}),
    ...(text ? { text } : {}),
  }
}

/** Whether a task belongs into a list, by the rules of the registry. */
export function matches(task: Task, query: TaskQuery): boolean {
  const { states, types, queue, labels, since, until, fingerprint, text } = query
  const submitted = Date.parse(task.submit_time ?? '')
  return (
    !task.deleted &&
    (!states?.length || states.includes(task.task_status ?? 'pending')) &&
    (!types?.length || types.includes(task.task_type)) &&
    (!queue || task.queue === queue) &&
    (!labels?.length || labels.every((label) => hasLabel(task, label))) &&
    (!since || submitted >= Date.parse(since)) &&
    (!until || submitted < Date.parse(until)) &&
    (!fingerprint || task.failure?.fingerprint === fingerprint) &&
    (!text || hasText(task, withoutCase(text)))
  )
}

function hasLabel(task: Task, label: string): boolean {
  const cut = label.indexOf('=')
  return task.labels[label.slice(0, cut)] === label.slice(cut + 1)
}

function hasText(task: Task, text: string): boolean {
  const labels = Object.entries(task.labels)
  if (text.includes('=')) return labels.some(([name, value]) => withoutCase(`${name}=${value}`) === text)
  return task.task_id === text || [task.task_type, ...labels.map(([, value]) => value)].some((one) => withoutCase(one).includes(text))
}

/** Only A to Z: the stores disagree about the case of other letters. */
const withoutCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** How many tasks a query has, exactly; undefined where that is not counted: by other conditions than state and type. */
export function exactCount(query: TaskQuery, overview: Overview | undefined): number | undefined {
  const { states, types, ...others } = query
  if (!overview?.states || overview.uncounted_types || Object.values(others).some((one) => one?.length)) return undefined
  const counts = types?.length
    ? overview.types.filter((one) => types.includes(one.task_type)).map((one) => one.states)
    : [overview.states]
  const wanted = states?.length ? states : (Object.keys(overview.states) as TaskState[])
  return counts.reduce((sum, one) => sum + wanted.reduce((some, state) => some + (one?.[state] ?? 0), 0), 0)
}
