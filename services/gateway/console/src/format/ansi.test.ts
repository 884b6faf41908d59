import { describe, expect, it } from 'vitest'

import { ansiPieces, withoutAnsi } from './ansi'

const ESC = '\x1b'
const colours = (line: string) => ansiPieces(line).map(({ text, colour }) => [text, colour])

describe('the colours of a line', () => {
  it('are those of terminals, until they are reset', () => {
    expect(colours(`${ESC}[31mbroken${ESC}[0m: ${ESC}[1;92mfine${ESC}[39m again`)).toEqual([
      ['broken', 'red'],
      [': ', ''],
      ['fine', 'green'],
      [' again', ''],
    ])
    expect(ansiPieces(`${ESC}[1;2mx${ESC}[22my`).map(({ isBold, isDim }) => [isBold, isDim])).toEqual([
      [true, true],
      [false, false],
    ])
  })

  it('are the nearest of eight, of 256 and of 16 million too', () => {
    expect(colours(`${ESC}[38;5;196ma${ESC}[38;5;9mb${ESC}[38;5;244mc${ESC}[38;2;10;200;210;1md${ESC}[48;5;21;33me`)).toEqual([
      ['a', 'red'],
      ['b', 'red'],
      ['c', ''],
      ['d', 'cyan'],
      ['e', 'yellow'],
    ])
  })

  it('leave no part of any sequence in the text', () => {
    const line = `${ESC}]8;;http://x${ESC}\\link${ESC}]8;;\x07 ${ESC}[2K${ESC}[?25lup${ESC}[1A${ESC}(B end${ESC}[3`
    expect(withoutAnsi(line)).toBe('link up end')
    expect(ansiPieces(line).map(({ text }) => text).join('')).toBe('link up end')
    expect(withoutAnsi('[31m is text, <b>too</b>')).toBe('[31m is text, <b>too</b>')
  })
})
