// The pages in the sidebar. A page is one line here, a route in `routes.ts` and a word in `i18n`.

import type { IconName } from '@/format/icon'

export interface PageEntry {
  /** Name of its route, and of its word in `shell.pages`. */
  name: string
  icon: IconName
  /** Second key after `g`. */
  key: string
}

export const PAGES: PageEntry[] = [
  { name: 'overview', icon: 'overview', key: 'o' },
  { name: 'tasks', icon: 'tasks', key: 't' },
  { name: 'submit', icon: 'submit', key: 's' },
  { name: 'executors', icon: 'executors', key: 'e' },
  { name: 'queues', icon: 'queues', key: 'q' },
  { name: 'health', icon: 'health', key: 'h' },
  { name: 'reference', icon: 'code', key: 'a' },
]
