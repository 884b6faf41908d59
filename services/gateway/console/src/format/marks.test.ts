import { describe, expect, it } from 'vitest'

import { marked } from './marks'

const seen = (texts: string[], search: string) => marked(texts.map((text) => ({ text })), search).map(({ text, isHit }) => (isHit ? `<${text}>` : text))

describe('marks', () => {
  it('stand at every hit, in any case of letters', () => {
    expect(seen(['Copy a copy'], 'COPY')).toEqual(['<Copy>', ' a ', '<copy>'])
    expect(seen(['nothing'], '')).toEqual(['nothing'])
    expect(seen([''], 'x')).toEqual([])
  })

  it('cross the border of two colours', () => {
    expect(seen(['disk is fu', 'll now'], 'full')).toEqual(['disk is ', '<fu>', '<ll>', ' now'])
    expect(seen(['aa', 'a'], 'aa')).toEqual(['<aa>', 'a'])
  })
})
