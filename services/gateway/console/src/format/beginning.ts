// The first lines of a long text: a page of a phone is not filled by one value.

const MOST_LINES = 30
const FIRST_LINES = 12
/** Of lines that wrap, as much as about so many short ones. */
const LINE_CHARS = 100

export interface Beginning {
  /** What is shown: all of a short text. */
  text: string
  /** Lines of the whole text. */
  lines: number
  /** Lines that are left out; 0 for a short text. */
  left: number
}

export function beginningOf(text: string): Beginning {
  const lines = text.split('\n')
  if (lines.length <= MOST_LINES && text.length <= MOST_LINES * LINE_CHARS) return { text, lines: lines.length, left: 0 }
  const first = lines.slice(0, FIRST_LINES).join('\n').slice(0, FIRST_LINES * LINE_CHARS)
  return { text: `${first}\n…`, lines: lines.length, left: Math.max(1, lines.length - FIRST_LINES) }
}
