// Whether what is shown is live: the phase of the stream of the open page.

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import type { StreamPhase } from '@/transport/event_stream'

import { useClock } from './clock'

export const useConnection = defineStore('connection', () => {
  const clock = useClock()
  const phase = ref<StreamPhase>('connecting')
  /** Since when nothing is heard, by the server's clock; undefined while all is well. */
  const brokenSince = ref<number>()
  let lastHeard = clock.exactly()

  /** The page's stream changed its phase. */
  function say(next: StreamPhase): void {
    phase.value = next
    const isBroken = next === 'silent' || next === 'lost' || next === 'interrupted'
    if (!isBroken) brokenSince.value = undefined
    else brokenSince.value ??= lastHeard
  }

  /** Something arrived; heartbeats, which come while nothing else does, have the server's time. */
  function heard(serverMs?: number): void {
    if (serverMs !== undefined) clock.hear(serverMs)
    lastHeard = clock.exactly()
  }

  /** Whether live values may be old, and must be marked. */
  const isStale = computed(() => brokenSince.value !== undefined)
  const staleMs = computed(() => (brokenSince.value === undefined ? 0 : Math.max(0, clock.now - brokenSince.value)))

  return { phase, isStale, staleMs, say, heard }
})
