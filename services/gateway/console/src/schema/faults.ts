// What of a value does not fit its JSON Schema, as far as a browser can know. The schema is interpreted and never compiled,
// since the Content-Security-Policy forbids `eval`.

import { Validator, type OutputUnit, type Schema as AnySchema } from '@cfworker/json-schema'

import { isSchema, type Schema } from './words'

export interface Fault {
  /** The path of the value, as the server writes it: `task_config.exclude[0]`. */
  field: string
  keyword: string
  /** What the schema asks for, such as the least number. */
  wanted: unknown
  /** The part of the schema that asks for it. */
  part: Schema
}

/** Keywords whose errors only say that something inside of them is wrong, or that are said in another place. */
const OUTER = new Set(['properties', 'patternProperties', 'items', 'prefixItems', '$ref', '$dynamicRef', 'allOf', 'if', 'required', 'additionalProperties', 'unevaluatedProperties', 'propertyNames', 'dependentRequired'])
const CHOICES = new Set(['anyOf', 'oneOf', 'not'])

/** Empty also for a schema that cannot be read: only the server decides whether a config is right. */
export function faultsIn(schema: Schema, value: unknown): Fault[] {
  let errors: OutputUnit[]
  try {
    errors = new Validator(schema as AnySchema, '2020-12', false).validate(value).errors
  } catch {
    return []
  }
  const choices = errors.filter((one) => CHOICES.has(one.keyword)).map((one) => one.keywordLocation)
  // Why each of several choices does not fit says less than that none does.
  const isInside = (place: string) => choices.some((choice) => place.startsWith(`${choice}/`))
  return errors
    .filter((one) => !OUTER.has(one.keyword) && !isInside(one.keywordLocation))
    .map((one) => ({ field: fieldOf(one.instanceLocation), keyword: one.keyword, wanted: at(schema, one.keywordLocation), part: partOf(schema, one.keywordLocation) }))
}

function fieldOf(pointer: string): string {
  return `task_config${steps(pointer).map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('')}`
}

function partOf(schema: Schema, pointer: string): Schema {
  const found = at(schema, pointer.slice(0, pointer.lastIndexOf('/')))
  return isSchema(found) ? found : {}
}

/** What stands in a schema at a place, through its local references. */
function at(schema: Schema, pointer: string): unknown {
  let found: unknown = schema
  for (const step of steps(pointer)) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Schema)[step]
    if (step === '$ref' && typeof found === 'string') found = found === '#' ? schema : at(schema, found)
  }
  return found
}

function steps(pointer: string): string[] {
  const plain = (step: string) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  return pointer.split('/').slice(1).map(plain)
}
