// A JSON document as text, changed in its place: a form's change of one field leaves every other value as it is written, so
// no value is dropped, added or rounded by looking at the document as a form.

import { applyEdits, findNodeAtLocation, format, getNodeValue, modify, parse, parseTree, type ParseError } from 'jsonc-parser'

import type { Path, Step } from './fields'

const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } }

/** The document with one member a line, otherwise as it is written. */
export const tidied = (text: string) => applyEdits(text, format(text, undefined, FORMAT.formattingOptions))

/** The value at a path; undefined where there is none. */
export function valueAt(text: string, path: Path): unknown {
  const root = parseTree(text)
  const node = root && findNodeAtLocation(root, [...path])
  return node ? (getNodeValue(node) as unknown) : undefined
}

/** The text of the value at a path, as it stands in the document. */
export function textAt(text: string, path: Path): string | undefined {
  const root = parseTree(text)
  const node = root && findNodeAtLocation(root, [...path])
  return node && text.slice(node.offset, node.offset + node.length)
}

/** Sets the value at a path and makes the objects above it; undefined removes it. The document must be valid. */
export function withValue(text: string, path: Path, value: unknown): string {
  let changed = isObject(valueAt(text, [])) || !path.length ? text : '{}'
  if (value === undefined) return valueAt(changed, path) === undefined ? changed : edited(changed, path, undefined)
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length)
    const isThere = typeof path[length] === 'number' ? Array.isArray(valueAt(changed, above)) : isObject(valueAt(changed, above))
    if (!isThere) changed = edited(changed, above, typeof path[length] === 'number' ? [] : {})
  }
  return edited(changed, path, value)
}

/** Sets the value at a path to a JSON text, as it is written. */
export function withText(text: string, path: Path, json: string): string {
  // A mark that no document has holds the place, so that the text is not parsed and written anew.
  const mark = `\u0000${Math.random()}`
  return withValue(text, path, mark).replace(JSON.stringify(mark), () => json.trim())
}

export interface JsonMistake {
  line: number
  column: number
}

/** Where a text stops being JSON; undefined where it is valid. */
export function mistakeIn(text: string): JsonMistake | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    // Engines name the place in words of their own, or not at all.
    const found: ParseError[] = []
    parse(text, found, { disallowComments: true })
    const lines = text.slice(0, found[0]?.offset ?? text.length).split('\n')
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
  }
}

/** The document on one line, otherwise as it is written. It must be valid. */
export function compact(text: string): string {
  let isText = false
  let shorter = ''
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index)
    if (isText && letter === '\\') {
      shorter += letter + text.charAt((index += 1))
      continue
    }
    if (letter === '"') isText = !isText
    if (isText || !/\s/.test(letter)) shorter += !isText && (letter === ',' || letter === ':') ? `${letter} ` : letter
  }
  return shorter
}

function edited(text: string, path: Path, value: unknown): string {
  return applyEdits(text, modify(text, [...path] as Step[], value, FORMAT))
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
