// How states of items look: as tasks do in the same situation.

import type { ItemState, TaskState } from '@/transport/http'

export const LOOKS: Record<ItemState, TaskState> = {
  todo: 'pending',
  done: 'completed',
  failed: 'failed',
  skipped: 'paused',
  excluded: 'cancelled',
}

/** The word for a state. While the task may go on, an item that is to be done may just be worked on: nobody notes that. */
export const wordOf = (state: ItemState, hasEnded: boolean): string => `item_state.${state === 'todo' && !hasEnded ? 'open' : state}`

export const STATES_OF_ITEMS = Object.keys(LOOKS) as ItemState[]
