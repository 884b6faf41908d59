// The title of a task: its label `title`, which a template of its type fills from the config, or a person gives.

import type { Task } from '@/transport/http'

export const TITLE = 'title'
const TEMPLATE = 'x-asynctask-title'
export const ARROW = ' → '
const TAIL_CHARS = 24
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const BREAKS = /[\s\u0085\u2028\u2029]+/g

/** Empty where a task has none. */
export const titleOf = (task: Pick<Task, 'labels'>): string => (task.labels[TITLE] ?? '').replace(BREAKS, ' ').trim()

/** What a task is called: its title, else its type. */
export const nameOf = (task: Pick<Task, 'labels' | 'task_type'>): string => titleOf(task) || task.task_type

/** What a task is called where its id follows: the type too, for who knows tasks by it. */
export const fullNameOf = (task: Pick<Task, 'labels' | 'task_type' | 'task_id'>): string =>
  [titleOf(task), `${task.task_type} …${task.task_id.slice(-8)}`].filter(Boolean).join(' · ')

/** The labels besides the title, as `key=value`. */
export const labelsOf = (task: Pick<Task, 'labels'>): string[] =>
  Object.entries(task.labels)
    .filter(([key]) => key !== TITLE)
    .map(([key, value]) => `${key}=${value}`)

/** One side of a text, in two: where there is no room, the head loses its end. */
export interface TitleSide {
  head: string
  tail: string
}

/** The sides of an arrow, or the whole text: where there is no room, both ends of every path stay. */
export function sidesOf(text: string): TitleSide[] {
  const sides = text.split(ARROW)
  return sides.map((side) => {
    const signs = Array.from(side)
    // Head and tail are set from left to right.
    const tail = RIGHT_TO_LEFT.test(side) ? 0 : Math.min(Math.floor(TAIL_CHARS / sides.length), Math.floor(signs.length / 2))
    const cut = signs.length - tail
    return { head: signs.slice(0, cut).join(''), tail: signs.slice(cut).join('') }
  })
}

/** A text in at most so many characters, without its middle. */
export function middleCut(text: string, most: number): string {
  const signs = Array.from(text)
  if (signs.length <= most) return text
  const tail = Math.floor((most - 1) / 2)
  return `${signs.slice(0, most - 1 - tail).join('')}…${signs.slice(signs.length - tail).join('')}`
}

/** The template in a type's schema; empty without one. */
export function templateOf(schema: unknown): string {
  const template = typeof schema === 'object' && schema !== null ? (schema as Record<string, unknown>)[TEMPLATE] : ''
  return typeof template === 'string' ? template : ''
}

/** What the scheduler will make of a template, but for long values and hidden characters; a field without a value stays. */
export function filledIn(template: string, valueOf: (field: string) => unknown): string {
  return template.replace(/\{\{|\}\}|\{([^{}]+)\}/g, (part, field: string | undefined) => {
    if (field === undefined) return part.charAt(0)
    const value = valueOf(field)
    return ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? String(value) : part
  })
}
