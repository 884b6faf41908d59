import { createPinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { createApp, effectScope } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

vi.stubGlobal('document', { hidden: false, querySelector: () => null })
vi.mock('@/ui/keys', () => ({ useKeys: () => {}, useOpenKey: () => {} }))
vi.mock('./pages', () => ({ PAGES: [] }))
const { useFreeze } = await import('@/stores/freeze')
const { useShellKeys } = await import('./shell_keys')

it('what is frozen goes on where the shell goes, which has the only ways to thaw it', () => {
  const app = createApp({})
  app.use(createPinia()).use(createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] }))
  app.runWithContext(() => {
    const scope = effectScope()
    scope.run(() => useShellKeys({ help: () => {}, palette: () => {} }))
    const freeze = useFreeze()
    freeze.toggle()
    expect(freeze.isFrozen).toBe(true)
    scope.stop()
    expect(freeze.isFrozen).toBe(false)
  })
})
