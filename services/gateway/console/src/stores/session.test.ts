import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'

vi.stubGlobal('document', { querySelector: () => null })
vi.mock('@/transport/session', () => ({ signOut: async () => ({ needs_token: true, signed_in: false }) }))
const { useSession } = await import('./session')

it('a tab that signs out takes all others along, whose streams would go on', async () => {
  const tabs = [0, 1].map(() => {
    setActivePinia(createPinia())
    return useSession()
  })
  await tabs[0]!.signOut()
  expect(tabs[0]!.isSignedIn).toBe(false)
  await vi.waitFor(() => expect([tabs[1]!.isSignedIn, tabs[1]!.needsToken]).toEqual([false, true]))
})
