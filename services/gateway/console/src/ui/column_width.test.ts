import { describe, expect, it } from 'vitest'

import { withWidth } from './column_width'

describe('the width of a column', () => {
  it('is what was dragged, within bounds, until it is given back', () => {
    const wide = withWidth({ state: 120 }, 'task', 333.4)
    expect(wide).toEqual({ state: 120, task: 333 })
    expect(withWidth(wide, 'task', -40)).toEqual({ state: 120, task: 64 })
    expect(withWidth(wide, 'task', 9999)).toEqual({ state: 120, task: 800 })
    expect(withWidth(wide, 'task', 0)).toEqual({ state: 120 })
  })
})
