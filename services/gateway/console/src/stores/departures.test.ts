import { describe, expect, it } from 'vitest'

import type { SeenExecutor } from './cluster'
import { useDepartures } from './departures'

const executor = (id: string, given: Partial<SeenExecutor> = {}) =>
  ({ executor_id: id, connected: true, draining: false, running: 0, seenAt: 0, ...given }) as SeenExecutor
const list = (...all: SeenExecutor[]) => new Map(all.map((one) => [one.executor_id, one]))

describe('executors that went', () => {
  it('are kept with how they went, until they are back', () => {
    const { gone, note } = useDepartures()
    note(list(executor('a', { connected: false }), executor('b', { draining: true }), executor('c')), list())
    expect([...gone].map(([id, one]) => [id, one.how])).toEqual([
      ['a', 'lost'],
      ['b', 'drained'],
      ['c', 'stopped'],
    ])
    note(list(), list(executor('a')))
    expect([...gone.keys()]).toEqual(['b', 'c'])
  })

  it('are bounded in a tab that stays open', () => {
    const { gone, note } = useDepartures()
    for (let n = 0; n < 300; n += 1) note(list(executor(`e${n}`)), list())
    expect(gone.size).toBe(200)
    expect(gone.has('e299')).toBe(true)
  })
})

describe('an executor that drains', () => {
  it('is measured by what it held when it began', () => {
    const { heldAtDrain, note } = useDepartures()
    note(list(executor('a', { running: 3 })), list(executor('a', { running: 2, draining: true })))
    expect(heldAtDrain.get('a')).toBe(3)
    note(list(executor('a', { running: 2, draining: true })), list(executor('a', { running: 1, draining: true })))
    expect(heldAtDrain.get('a')).toBe(3)
    note(list(executor('a', { running: 1, draining: true })), list())
    expect(heldAtDrain.size).toBe(0)
  })

  it('has drained if this tab asked it to, also when it was gone at once', () => {
    const { gone, note, noteDrain } = useDepartures()
    noteDrain(executor('a'))
    note(list(executor('a')), list())
    expect(gone.get('a')?.how).toBe('drained')
  })
})
