// What a schema says to people: its title and description, in the reader's language where the schema carries a translation.

export type Schema = Readonly<Record<string, unknown>>

/** The annotation with translations: `{"zh": {"title": "…", "description": "…"}}`. */
const TRANSLATIONS = 'x-asynctask-i18n'
const DEEPEST = 5

export interface Words {
  title: string
  description: string
}

export function wordsOf(schema: Schema, language: string): Words {
  const translations = schema[TRANSLATIONS]
  const translated = isSchema(translations) ? translations[language] : undefined
  const word = (name: string) => (isSchema(translated) && textOf(translated[name])) || textOf(schema[name])
  return { title: word('title'), description: word('description') }
}

/**
 * What a pattern stands for, to follow "must be": "An absolute path." becomes "an absolute path". Empty where the English
 * description is no such noun.
 */
export function describedPattern(part: Schema, language: string): string {
  const said = wordsOf(part, language).description.trim().replace(/[.。]$/, '')
  if (/^(A|An|The) /.test(said)) return said.charAt(0).toLowerCase() + said.slice(1)
  return said && said !== wordsOf(part, '').description.trim().replace(/[.。]$/, '') ? said : ''
}

/** What a type says about itself. Its schema may say the same in another language. */
export function typeDescription(type: { description: string; config_schema?: unknown }, language: string): string {
  const schema = isSchema(type.config_schema) ? resolved(type.config_schema, type.config_schema) : {}
  return wordsOf({ ...schema, description: type.description }, language).description
}

/** The schema that a local reference names, with what stands beside the reference. */
export function resolved(root: Schema, schema: Schema, depth = 0): Schema {
  const reference = schema['$ref']
  if (typeof reference !== 'string' || !reference.startsWith('#') || depth > DEEPEST) return schema
  let found: unknown = root
  for (const step of reference.slice(1).split('/').slice(1)) {
    found = isSchema(found) ? found[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  if (!isSchema(found)) return schema
  const { $ref: _, ...beside } = schema
  return { ...resolved(root, found, depth + 1), ...beside }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
