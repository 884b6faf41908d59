import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'

vi.mock('@/transport/live_events', () => ({}))
const { useConnection } = await import('./connection')

it('marks what is shown while a stream rests, and no more once it begins again', () => {
  setActivePinia(createPinia())
  const connection = useConnection()
  const [first, second] = [connection.begin(), connection.begin()]
  first.onPhase('open')
  second.onPhase('open')
  expect([connection.phase, connection.isStale]).toEqual(['open', false])
  second.onPhase('resting')
  expect([connection.phase, connection.isStale]).toEqual(['resting', true])
  expect(connection.isPartly).toBe(true)
  first.onPhase('resting')
  expect(connection.isPartly).toBe(false)
  first.onPhase('open')
  second.onPhase('connecting')
  expect([connection.phase, connection.isStale]).toEqual(['connecting', false])
})
