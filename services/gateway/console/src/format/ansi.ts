// Colours that programs write into their log lines for terminals (ECMA-48): read as styles of pieces of plain text.

/** By the names of the eight colours of terminals; black and white are the colour of the text. */
export const ANSI_COLOURS = ['', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', ''] as const
export type AnsiColour = (typeof ANSI_COLOURS)[number]

export interface AnsiPiece {
  text: string
  colour: AnsiColour
  isBold: boolean
  isDim: boolean
}

// One whole sequence: one that begins with `ESC [`, one with `ESC ]` (titles and links), or a short one. Such as are cut
// off at the end of a line too.
const SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~]|$)|\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[ -/]*[0-Z\\^-~]?)/g

type Style = Omit<AnsiPiece, 'text'>
const PLAIN: Style = { colour: '', isBold: false, isDim: false }

/** The pieces of a line, without the sequences. Backgrounds and other effects are left out. */
export function ansiPieces(line: string): AnsiPiece[] {
  if (!line.includes('\x1b')) return [{ text: line, ...PLAIN }]
  const pieces: AnsiPiece[] = []
  let style = PLAIN
  let at = 0
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > at) pieces.push({ text: line.slice(at, match.index), ...style })
    at = match.index + match[0].length
    if (match[2] === 'm') style = styled(style, match[1] ?? '')
  }
  if (at < line.length) pieces.push({ text: line.slice(at), ...style })
  return pieces
}

/** The line without any sequence. */
export function withoutAnsi(line: string): string {
  return line.includes('\x1b') ? line.replace(SEQUENCE, '') : line
}

function styled(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number)
  let style = before
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 0) style = PLAIN
    else if (code === 1) style = { ...style, isBold: true }
    else if (code === 2) style = { ...style, isDim: true }
    else if (code === 22) style = { ...style, isBold: false, isDim: false }
    else if (code === 39) style = { ...style, colour: '' }
    else if (code === 38 || code === 48) {
      const [colour, length] = ofPalette(codes.slice(index + 1))
      if (code === 38) style = { ...style, colour }
      index += length
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style = { ...style, colour: ANSI_COLOURS[code % 10] ?? '' }
  }
  return style
}

/** The nearest of the eight colours, and how many codes name it: `5;N` of 256, or `2;R;G;B`. */
function ofPalette([kind, ...rest]: number[]): [AnsiColour, number] {
  if (kind === 2) return [nearest(rest.slice(0, 3)), 4]
  if (kind !== 5) return ['', 0]
  const number = rest[0] ?? 0
  if (number < 16) return [ANSI_COLOURS[number % 8] ?? '', 2]
  // A cube of 6 × 6 × 6 colours, then greys.
  if (number > 231) return ['', 2]
  const cube = number - 16
  return [nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((level) => level * 51)), 2]
}

/** The numbers of the eight colours are sums of red 1, green 2 and blue 4; what has hardly any colour is grey. */
function nearest(rgb: number[]): AnsiColour {
  const [least, most] = [Math.min(...rgb), Math.max(...rgb)]
  if (!(most - least >= 48)) return ''
  const number = rgb.reduce((sum, level, index) => sum + (level > (least + most) / 2 ? 2 ** index : 0), 0)
  return ANSI_COLOURS[number] ?? ''
}

/** What of a text of many lines is shown in one. */
export function firstLine(text: string): string {
  return withoutAnsi(text.split('\n', 1)[0] ?? '')
}
