// The shortcuts that work on every page.

import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'

import { useFreeze } from '@/stores/freeze'
import { useKeys, useOpenKey } from '@/ui/keys'

import { PAGES } from './pages'

export function useShellKeys(act: { help: () => void; palette: () => void }): void {
  const router = useRouter()
  const freeze = useFreeze()
  const pages = PAGES.map((page) => [`g ${page.key}`, () => void router.push({ name: page.name })] as const)
  useKeys({
    '/': () => document.getElementById('search')?.focus(),
    '?': act.help,
    'Shift+?': act.help,
    '.': () => void freeze.toggle(),
    ...Object.fromEntries(pages),
  })
  useOpenKey('$mod+K', act.palette)
  // What is frozen is what one looks at: another page begins live. So does a view without the shell, which has no key and
  // no button to go on.
  const thaw = () => (freeze.isFrozen = false)
  onScopeDispose(router.afterEach((to, from) => void (to.path !== from.path && thaw())))
  onScopeDispose(thaw)
}
