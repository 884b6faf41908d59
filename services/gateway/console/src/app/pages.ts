// The pages in the sidebar. A page is one line here, a route in `routes.ts` and a word in `i18n`.

import type { IconName } from '@/format/icon'

export interface PageEntry {
  /** Name of its route, and of its word in `shell.pages`. */
  name: string
  icon: IconName
  /** Second key after `g`. */
  key: string
  /** Whether the bottom bar of a phone has it; the others stand behind "More". */
  isInBar?: boolean
}

export const PAGES: PageEntry[] = [
  { name: 'overview', icon: 'overview', key: 'o', isInBar: true },
  { name: 'tasks', icon: 'tasks', key: 't', isInBar: true },
  { name: 'submit', icon: 'submit', key: 's', isInBar: true },
  { name: 'executors', icon: 'executors', key: 'e' },
  { name: 'queues', icon: 'queues', key: 'q' },
  { name: 'health', icon: 'health', key: 'h' },
  { name: 'reference', icon: 'code', key: 'a' },
]
