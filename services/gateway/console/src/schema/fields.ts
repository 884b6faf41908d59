// The fields of a form, made from a JSON Schema (draft 2020-12). What a form cannot draw becomes a field of JSON text in
// its place; no schema is an error. Only the server decides whether a config is right.

export type Step = string | number
export type Path = readonly Step[]
export type Schema = Readonly<Record<string, unknown>>

export type Input =
  | { kind: 'text'; lines: boolean; isSecret: boolean }
  /** A number, or where `takesText` also a text, such as `20MiB`. */
  | { kind: 'number'; isWhole: boolean; takesText: boolean; least?: number; most?: number }
  | { kind: 'switch' }
  | { kind: 'choice'; options: unknown[] }
  | { kind: 'instant' }
  | { kind: 'date' }
  | { kind: 'texts' }
  | { kind: 'group'; fields: Field[] }
  | { kind: 'json' }

export interface Field {
  path: Path
  name: string
  description: string
  isRequired: boolean
  /** Whether null is allowed, which then means that there is no value. */
  isNullable: boolean
  /** Undefined where the schema names none. */
  preset: unknown
  example: string
  input: Input
}

const DEEPEST = 5
const NULL = 'null'

/** The fields of an object's schema, in its order; undefined where the schema is not that of an object. */
export function fieldsOf(schema: unknown): Field[] | undefined {
  return isSchema(schema) ? new FieldReader(schema).read(schema, []) : undefined
}

class FieldReader {
  constructor(private readonly root: Schema) {}

  read(given: Schema, path: Path): Field[] | undefined {
    const schema = this.resolved(given)
    const properties = schema['properties']
    if (!isSchema(properties) || path.length > DEEPEST) return undefined
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    return Object.entries(properties).map(([name, one]) =>
      this.field(isSchema(one) ? one : {}, [...path, name], required.includes(name)),
    )
  }

  private field(given: Schema, path: Path, isRequired: boolean): Field {
    const schema = this.resolved(given)
    const { kinds, isNullable } = this.alternatives(schema)
    const only = kinds.length === 1 ? { ...schema, ...kinds[0] } : schema
    const examples = only['examples']
    return {
      path,
      name: String(path.at(-1)),
      description: textOf(schema['description']) || textOf(only['description']),
      isRequired,
      isNullable,
      preset: schema['default'],
      example: Array.isArray(examples) && typeof examples[0] === 'string' ? examples[0] : '',
      input: this.input(only, kinds, path),
    }
  }

  /** What a value may be besides null: one schema, or several. */
  private alternatives(schema: Schema): { kinds: Schema[]; isNullable: boolean } {
    const listed = schema['anyOf'] ?? schema['oneOf']
    const type = schema['type']
    let kinds: Schema[] = [schema]
    if (Array.isArray(listed)) kinds = listed.filter(isSchema).map((one) => this.resolved(one))
    else if (Array.isArray(type)) kinds = type.map((one) => ({ ...schema, type: one as unknown }))
    const left = kinds.filter((one) => one['type'] !== NULL && one['const'] !== null)
    return { kinds: left, isNullable: left.length < kinds.length }
  }

  private input(schema: Schema, kinds: Schema[], path: Path): Input {
    if (kinds.length !== 1) {
      const types = new Set(kinds.map((one) => one['type']))
      const isNumberOrText = kinds.length > 0 && [...types].every((one) => ['integer', 'number', 'string'].includes(String(one)))
      return isNumberOrText ? { kind: 'number', isWhole: !types.has('number'), takesText: true } : { kind: 'json' }
    }
    const options = schema['enum']
    if (Array.isArray(options) && options.every(isPlain)) return { kind: 'choice', options: options.filter((one) => one !== null) }
    switch (schema['type']) {
      case 'string':
        return textInput(schema)
      case 'integer':
      case 'number':
        return numberInput(schema)
      case 'boolean':
        return { kind: 'switch' }
      case 'array': {
        const items = isSchema(schema['items']) ? this.resolved(schema['items']) : {}
        return items['type'] === 'string' && !items['enum'] ? { kind: 'texts' } : { kind: 'json' }
      }
      case 'object': {
        const fields = this.read(schema, path)
        return fields?.length ? { kind: 'group', fields } : { kind: 'json' }
      }
      default:
        return { kind: 'json' }
    }
  }

  /** The schema that a local reference names, with what stands beside the reference. */
  private resolved(schema: Schema, depth = 0): Schema {
    const reference = schema['$ref']
    if (typeof reference !== 'string' || !reference.startsWith('#') || depth > DEEPEST) return schema
    let found: unknown = this.root
    for (const step of reference.slice(1).split('/').slice(1)) {
      found = isSchema(found) ? found[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
    }
    if (!isSchema(found)) return schema
    const { $ref: _, ...beside } = schema
    return { ...this.resolved(found, depth + 1), ...beside }
  }
}

function textInput(schema: Schema): Input {
  const format = schema['format']
  if (format === 'date-time') return { kind: 'instant' }
  if (format === 'date') return { kind: 'date' }
  const lines = format === 'multiline' || Number(schema['maxLength'] ?? 0) > 1000
  return { kind: 'text', lines, isSecret: format === 'password' || schema['writeOnly'] === true }
}

function numberInput(schema: Schema): Input {
  const { minimum, maximum } = schema
  return {
    kind: 'number',
    isWhole: schema['type'] === 'integer',
    takesText: false,
    ...(typeof minimum === 'number' ? { least: minimum } : {}),
    ...(typeof maximum === 'number' ? { most: maximum } : {}),
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
