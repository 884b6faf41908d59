// Which field of a form a violation of the server belongs to.

import type { Field, Path } from './fields'

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
    if (!field) others.push(violation)
    else byField.set(field, [...(byField.get(field) ?? []), worded(violation, field)])
  }
  return { byField, others }
}

/** What is wrong, with where inside the field it is. */
function worded(violation: Violation, field: string): string {
  const inside = violation.field.slice(field.length)
  return inside ? `${inside.replace(/^\./, '')}: ${violation.description}` : violation.description
}

function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.input.kind === 'group' ? [field, ...flat(field.input.fields)] : [field]))
}
