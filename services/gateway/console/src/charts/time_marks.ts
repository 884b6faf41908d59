// How bars and marks of the time line look; the legend is made from the same tables.

import type { IconName } from '@/format/icon'
import type { AttemptResult } from '@/transport/http'

import type { MarkKind } from './time_line'

export const MARK_ICONS: Record<MarkKind, { icon: IconName; colour: string }> = {
  lost: { icon: 'bolt', colour: 'var(--state-failed)' },
  failed: { icon: 'cross', colour: 'var(--state-failed)' },
  paused: { icon: 'pause', colour: 'var(--state-paused)' },
  released: { icon: 'out', colour: 'var(--state-grey)' },
  cancelled: { icon: 'slash', colour: 'var(--state-grey)' },
  retry: { icon: 'retry', colour: 'var(--state-running)' },
}

export const BAR_COLOURS: Record<AttemptResult | 'running', string> = {
  running: 'var(--state-running)',
  success: 'var(--state-completed)',
  failed: 'var(--state-failed)',
  // What was done before the loss mostly stays: only the mark is alarming.
  lost: 'var(--state-grey)',
  released: 'var(--state-grey)',
  undelivered: 'var(--state-grey)',
  paused: 'var(--state-paused)',
  cancelled: 'var(--state-grey)',
}
