// Whether the reader has stopped all live changes, to look at something that changes too fast.

import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

import { freezeEvents } from '@/transport/live_events'

import { useClock } from './clock'

export const useFreeze = defineStore('freeze', () => {
  const clock = useClock()
  const isFrozen = ref(false)
  /** When it was frozen, by the server's clock. */
  const since = ref(0)

  watch(isFrozen, (frozen) => {
    since.value = clock.exactly()
    clock.hold(frozen)
    freezeEvents(frozen)
  })

  const toggle = () => (isFrozen.value = !isFrozen.value)

  return { isFrozen, since, toggle }
})
