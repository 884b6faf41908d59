// Whether an input can show a value; a value that it cannot show is shown as JSON in its place.

import type { Field, Input, Way } from './fields'

export function fits(field: Field, value: unknown): boolean {
  if (value === undefined) return true
  if (value === null) return field.isNullable
  return takes(field.input, value)
}

/** The one of several ways that a value is of: the value itself before an input that would take it. */
export function wayOf(ways: readonly Way[], value: unknown): Way | undefined {
  return ways.find((way) => 'value' in way && way.value === value) ?? ways.find((way) => 'input' in way && takes(way.input, value))
}

function takes(input: Input, value: unknown): boolean {
  switch (input.kind) {
    case 'text':
      return typeof value === 'string' && (input.lines || !value.includes('\n'))
    case 'number':
      // A text as well: what is no number is kept as it was typed, and marked.
      return typeof value === 'number' || typeof value === 'string'
    case 'switch':
      return typeof value === 'boolean'
    case 'choice':
      return input.options.includes(value)
    case 'instant':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '' && !one.includes('\n'))
    case 'either':
      return wayOf(input.ways, value) !== undefined
    case 'group':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'json':
      return true
  }
}
