import { describe, expect, it } from 'vitest'

import { wordOf } from './item_looks'

describe('the word for an item', () => {
  it('never says of one that may just be worked on that nothing was done yet', () => {
    expect([wordOf('todo', false), wordOf('todo', true), wordOf('failed', false)]).toEqual([
      'item_state.open',
      'item_state.todo',
      'item_state.failed',
    ])
  })
})
