import { beforeEach, describe, expect, it, vi } from 'vitest'

const open = new Set<string>()
vi.mock('./event_stream', () => ({
  readEvents: (path: () => string) => {
    const asked = path()
    open.add(asked)
    return () => open.delete(asked)
  },
}))
const { freezeEvents, readEvents } = await import('./live_events')

describe('streams of a frozen page', () => {
  const said: string[] = []
  const reader = { onMessage: () => undefined, onPhase: (phase: string) => said.push(phase), onGap: () => said.push('gap') }
  beforeEach(() => {
    freezeEvents(false)
    said.length = 0
  })

  it('are closed, and what was missed is read again afterwards', () => {
    const close = readEvents(() => '/a', reader)
    freezeEvents(true)
    expect([...open]).toEqual([])
    freezeEvents(false)
    expect([[...open], said]).toEqual([['/a'], ['frozen', 'gap']])
    close()
  })

  it('go on where they had come, since their path is asked for again', () => {
    let token = 'first'
    const close = readEvents(() => `/log?${token}`, reader)
    token = 'later'
    freezeEvents(true)
    freezeEvents(false)
    expect([...open]).toEqual(['/log?later'])
    close()
  })

  it('begin only afterwards, also those that are asked for meanwhile', () => {
    freezeEvents(true)
    const close = readEvents(() => '/b', reader)
    const closeAtOnce = readEvents(() => '/c', reader)
    closeAtOnce()
    expect([...open]).toEqual([])
    freezeEvents(false)
    expect([...open]).toEqual(['/b'])
    close()
    expect([...open]).toEqual([])
  })
})
