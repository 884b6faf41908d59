// How states of items look: as tasks do in the same situation.

import type { ItemState, TaskState } from '@/transport/http'

export const LOOKS: Record<ItemState, TaskState> = {
  todo: 'pending',
  done: 'completed',
  failed: 'failed',
  skipped: 'paused',
  excluded: 'cancelled',
}

export const STATES_OF_ITEMS = Object.keys(LOOKS) as ItemState[]
