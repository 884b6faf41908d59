import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { BEAT_MS, type FromWorker, type ToWorker } from './stream_messages'

const listeners = new Map<string, (event: unknown) => void>()
const port = { onmessage: undefined as ((event: { data: FromWorker }) => void) | null | undefined, postMessage: (_: ToWorker) => {} }
vi.stubGlobal('document', { hidden: false, addEventListener: (name: string, then: () => void) => listeners.set(name, then) })
vi.stubGlobal('window', { addEventListener: (name: string, then: (event: unknown) => void) => listeners.set(name, then) })
vi.stubGlobal(
  'SharedWorker',
  class {
    port = port
    onerror = null
  },
)

describe('the streams of a tab that a worker holds', () => {
  let sent: ToWorker[] = []
  const alone: string[] = []
  const heard: unknown[] = []
  let token = 'a'
  let read: (url: () => string, reader: object) => () => void

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.resetModules()
    sent = []
    alone.length = heard.length = 0
    token = 'a'
    port.postMessage = (message) => void sent.push(message)
    const { sharedStreams } = await import('./shared_streams')
    const shared = sharedStreams((url) => {
      alone.push(url())
      return () => {}
    })!
    read = (url, reader) => shared.read(url, { onMessage: (message) => heard.push(message), onPhase: () => {}, ...reader })
  })
  afterEach(() => void vi.useRealTimers())

  const say = (data: FromWorker) => port.onmessage?.({ data })
  const opened = () => sent.flatMap((one) => (one.kind === 'open' ? [[one.id, one.url]] : []))

  it('are given up only where the worker says nothing while the tab is awake', () => {
    read(() => `/log?${token}`, {})
    // The machine slept for an hour: only the clock has moved.
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(BEAT_MS)
    say({ kind: 'beat' })
    vi.advanceTimersByTime(4 * BEAT_MS)
    expect(alone).toEqual([])
    token = 'b'
    vi.advanceTimersByTime(2 * BEAT_MS)
    expect(alone).toEqual(['/log?b'])
  })

  it('are opened again where they had come when the worker has dropped them', () => {
    const gaps: string[] = []
    read(() => `/log?${token}`, { onGap: () => gaps.push('log') })
    say({ kind: 'message', id: 1, message: 'line 1' })
    token = 'b'
    say({ kind: 'dropped' })
    say({ kind: 'message', id: 1, message: 'line 2, which was on the way' })
    say({ kind: 'message', id: 2, message: 'line 2' })
    expect([opened(), gaps, heard]).toEqual([[[1, '/log?a'], [2, '/log?b']], ['log'], ['line 1', 'line 2']])
  })

  it('are closed by the number that they have now', () => {
    const close = read(() => '/a', {})
    say({ kind: 'dropped' })
    close()
    expect(sent.at(-1)).toEqual({ kind: 'close', id: 2 })
  })

  it('are not opened again where the page closes them when it hears of the gap', () => {
    const close = read(() => '/a', { onGap: () => close() })
    say({ kind: 'dropped' })
    expect(opened()).toEqual([[1, '/a']])
  })
})
