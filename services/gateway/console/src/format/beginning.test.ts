import { describe, expect, it } from 'vitest'

import { beginningOf } from './beginning'

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')

describe('the beginning of a text', () => {
  it('is all of a short one', () => {
    expect(beginningOf(lines(30))).toEqual({ text: lines(30), lines: 30, left: 0 })
  })

  it('is a screen of a long one, of few long lines too', () => {
    expect(beginningOf(lines(31))).toEqual({ text: `${lines(12)}\n…`, lines: 31, left: 19 })
    const wide = beginningOf(`"${'x'.repeat(100_000)}"`)
    expect([wide.text.length < 2000, wide.lines, wide.left]).toEqual([true, 1, 1])
  })
})
