// The fields of a form, made from a JSON Schema (draft 2020-12). What a form cannot draw becomes a field of JSON text in
// its place; no schema is an error. Only the server decides whether a config is right.

import { isSchema, resolved, wordsOf, type Schema } from './words'

export type { Schema } from './words'
export type Step = string | number
export type Path = readonly Step[]

export type Input =
  | { kind: 'text'; lines: boolean; isSecret: boolean }
  /** A number, or where `takesText` also a text, such as `20MiB`. */
  | { kind: 'number'; isWhole: boolean; takesText: boolean; least?: number; most?: number }
  | { kind: 'switch' }
  | { kind: 'choice'; options: unknown[] }
  | { kind: 'instant' }
  | { kind: 'date' }
  | { kind: 'texts' }
  | { kind: 'either'; ways: Way[] }
  | { kind: 'group'; fields: Field[] }
  | { kind: 'json' }

/** One of several things that a value may be: a value, or anything that an input takes. */
export type Way = { value: unknown } | { input: WayInput }
export type WayInput = Extract<Input, { kind: 'text' | 'number' | 'texts' }>

export interface Field {
  path: Path
  name: string
  /** A short name for people; empty where the schema has none. */
  title: string
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
const MOST_WAYS = 6
const NULL = 'null'

/** The fields of an object's schema, in its order; undefined where the schema is not that of an object. */
export function fieldsOf(schema: unknown, language = 'en'): Field[] | undefined {
  return isSchema(schema) ? new FieldReader(schema, language).read(schema, []) : undefined
}

/** All fields, those inside of groups as well. */
export function flat(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.input.kind === 'group' ? [field, ...flat(field.input.fields)] : [field]))
}

class FieldReader {
  constructor(
    private readonly root: Schema,
    private readonly language: string,
  ) {}

  read(given: Schema, path: Path): Field[] | undefined {
    const schema = resolved(this.root, given)
    const properties = schema['properties']
    if (!isSchema(properties) || path.length > DEEPEST) return undefined
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    return Object.entries(properties).map(([name, one]) =>
      this.field(isSchema(one) ? one : {}, [...path, name], required.includes(name)),
    )
  }

  private field(given: Schema, path: Path, isRequired: boolean): Field {
    const schema = resolved(this.root, given)
    const { kinds, isNullable } = this.alternatives(schema)
    const only = kinds.length === 1 ? { ...schema, ...kinds[0] } : schema
    const examples = only['examples']
    return {
      path,
      name: String(path.at(-1)),
      // The title of a schema that is referred to names a class, and not this field.
      title: wordsOf(given, this.language).title,
      description: wordsOf(schema, this.language).description || wordsOf(only, this.language).description,
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
    if (Array.isArray(listed)) kinds = listed.filter(isSchema).map((one) => resolved(this.root, one))
    else if (Array.isArray(type)) kinds = type.map((one) => ({ ...schema, type: one as unknown }))
    const left = kinds.filter((one) => one['type'] !== NULL && one['const'] !== null)
    return { kinds: left, isNullable: left.length < kinds.length }
  }

  private input(schema: Schema, kinds: Schema[], path: Path): Input {
    if (kinds.length !== 1) {
      const types = new Set(kinds.map((one) => one['type']))
      const isNumberOrText = kinds.length > 0 && [...types].every((one) => ['integer', 'number', 'string'].includes(String(one)))
      return isNumberOrText && kinds.every((one) => !one['enum'] && !('const' in one))
        ? { kind: 'number', isWhole: !types.has('number'), takesText: true }
        : this.either(kinds, path)
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
        const items = isSchema(schema['items']) ? resolved(this.root, schema['items']) : {}
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

  /** A choice between values and inputs that are told apart by what was typed; JSON where that cannot be drawn. */
  private either(kinds: Schema[], path: Path): Input {
    const ways: Way[] = []
    for (const kind of kinds) {
      const input = 'const' in kind ? undefined : this.input(kind, [kind], path)
      if (!input) ways.push({ value: kind['const'] })
      else if (input.kind === 'switch') ways.push({ value: false }, { value: true })
      else if (input.kind === 'choice') ways.push(...input.options.map((value) => ({ value })))
      else if (input.kind === 'text' || input.kind === 'number' || input.kind === 'texts') ways.push({ input })
      else return { kind: 'json' }
    }
    const inputs = ways.flatMap((way) => ('input' in way ? [way.input.kind] : []))
    const values = ways.flatMap((way) => ('value' in way ? [way.value] : []))
    const isDrawn = ways.length > 1 && ways.length <= MOST_WAYS && values.every(isPlain)
    // What is typed into the input of a number is a text until it is one.
    const isMixed = inputs.includes('text') && inputs.includes('number')
    const isClear = !isMixed && new Set(inputs).size === inputs.length && new Set(values).size === values.length
    return isDrawn && isClear ? { kind: 'either', ways } : { kind: 'json' }
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

const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)
