// How the marks of the time line look; the legend is made from the same table.

import type { IconName } from '@/format/icon'

import type { MarkKind } from './time_line'

export const MARK_ICONS: Record<MarkKind, { icon: IconName; colour: string }> = {
  lost: { icon: 'bolt', colour: 'var(--state-failed)' },
  failed: { icon: 'cross', colour: 'var(--state-failed)' },
  paused: { icon: 'pause', colour: 'var(--state-paused)' },
  released: { icon: 'out', colour: 'var(--state-grey)' },
  cancelled: { icon: 'slash', colour: 'var(--state-grey)' },
  retry: { icon: 'retry', colour: 'var(--state-running)' },
}
