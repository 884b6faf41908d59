// Which field of a form a violation of the server belongs to.

import { flat, type Field, type Path } from './fields'

export interface Violation {
  field: string
  description: string
}

/** A path as the server writes it: `task_config.exclude[0]`. */
export function pathText(path: Path): string {
  return `task_config${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')}`
}

export interface SortedViolations {
  /** By the path of the field, as text. */
  byField: Map<string, string[]>
  /** What belongs to no field of the form. */
  others: Violation[]
}

/** Gives each violation to the innermost field that its path lies in; `names` are the fields beside the config. */
export function sortViolations(violations: readonly Violation[], fields: readonly Field[], names: readonly string[]): SortedViolations {
  const known = [...names, ...flat(fields).map((field) => pathText(field.path))].sort((a, b) => b.length - a.length)
  const byField = new Map<string, string[]>()
  const others: Violation[] = []
  for (const violation of violations) {
    const field = known.find((one) => violation.field === one || /^[.[]/.test(violation.field.slice(one.length)) && violation.field.startsWith(one))
    if (!field) others.push({ ...violation, description: asSentence(violation.description) })
    else byField.set(field, [...(byField.get(field) ?? []), worded(violation, field)])
  }
  return { byField, others }
}

/** What is wrong, with where inside the field it is. */
function worded(violation: Violation, field: string): string {
  const inside = violation.field.slice(field.length).replace(/^\./, '')
  return inside ? `${inside}: ${asSentence(violation.description)}` : asSentence(violation.description)
}

/** The server's words as a sentence, as the form writes its own. */
function asSentence(text: string): string {
  const ended = /[.!?。！？]$/.test(text) ? text : `${text}.`
  return ended.charAt(0).toUpperCase() + ended.slice(1)
}
