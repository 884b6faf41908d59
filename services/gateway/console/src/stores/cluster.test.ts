import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { StreamReader } from '@/transport/live_events'

vi.stubGlobal('document', { hidden: false, querySelector: () => null })
let stream: StreamReader
vi.mock('@/transport/live_events', () => ({
  readEvents: (_: () => string, reader: StreamReader) => {
    stream = reader
    return () => {}
  },
}))
const { useCluster } = await import('./cluster')
const { useConnection } = await import('./connection')

const executors = (...ids: string[]) => ({ executors: { set: Object.fromEntries(ids.map((id) => [id, { executor_id: id, connected: true }])) } })

describe('the cluster as its stream tells it', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    setActivePinia(createPinia())
  })
  afterEach(() => vi.useRealTimers())

  it('is known kind by kind, as each of them comes', () => {
    const cluster = useCluster()
    cluster.watch()
    stream.onMessage({ health: { set: { cluster: { level: 'ok' } } } })
    expect([cluster.health?.level, cluster.isLoaded]).toEqual(['ok', false])
    stream.onMessage({ ...executors('a'), overview: { set: { cluster: {} } } })
    expect(cluster.isLoaded).toBe(false)
    stream.onMessage({ queues: { problem: { reason: 'UNAVAILABLE', detail: 'no answer' } } })
    expect([cluster.isLoaded, [...cluster.executors.keys()]]).toEqual([true, ['a']])
  })

  it.each([
    ['a gap', () => stream.onGap?.()],
    ['a break', () => stream.onPhase('lost')],
  ])('begins afresh after %s: executors that are gone are not listed', (_, happen) => {
    const cluster = useCluster()
    cluster.watch()
    stream.onMessage(executors('a', 'b'))
    happen()
    stream.onMessage({ queues: { set: {} } })
    expect([...cluster.executors.keys()]).toEqual(['a', 'b'])
    stream.onMessage(executors('b'))
    expect([...cluster.executors.keys()]).toEqual(['b'])
    stream.onMessage(executors('c'))
    expect([...cluster.executors.keys()]).toEqual(['b', 'c'])
    expect(cluster.gone.has('a')).toBe(true)
  })

  it.each([
    [{ reason: 'UNREACHABLE', detail: 'the scheduler did not answer', metadata: { silent_ms: '3000' } }, 'scheduler'],
    [{ reason: 'STORE_UNAVAILABLE', detail: 'the registry cannot be reached', metadata: { service: 'registry', silent_ms: '0' } }, 'registry'],
  ])('tells what does not answer behind a gateway that does, until it is read again', (problem, part) => {
    const cluster = useCluster()
    const connection = useConnection()
    cluster.watch()
    stream.onPhase('open')
    stream.onMessage(executors('a'))
    expect([connection.silentPart, connection.isStale]).toEqual([undefined, false])
    stream.onMessage({ queues: { problem } })
    expect([connection.silentPart, connection.isStale]).toEqual([part, true])
    expect(connection.saysWhy(cluster.problems.get('queues')!)).toBe(true)
    expect(connection.staleMs).toBeGreaterThanOrEqual(Number(problem.metadata.silent_ms))
    stream.onPhase('silent')
    expect(connection.silentPart).toBe('gateway')
    stream.onPhase('open')
    expect(connection.silentPart).toBe(part)
    stream.onMessage({ queues: { problem: null } })
    expect([connection.silentPart, connection.isStale]).toEqual([undefined, false])
  })
})
