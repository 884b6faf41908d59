// The shortcuts that work on every page.

import { useRouter } from 'vue-router'

import { useKeys } from '@/ui/keys'

import { PAGES } from './pages'

export function useShellKeys(act: { help: () => void }): void {
  const router = useRouter()
  const pages = PAGES.map((page) => [`g ${page.key}`, () => void router.push({ name: page.name })] as const)
  useKeys({
    '/': () => document.getElementById('search')?.focus(),
    '?': act.help,
    'Shift+?': act.help,
    ...Object.fromEntries(pages),
  })
}
