// One clock for the whole tab. It ticks once a second and shows the server's time: clocks of storage boxes and of
// browsers are often wrong, and ages must still be right.

import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useClock = defineStore('clock', () => {
  const now = ref(Date.now())
  let offsetMs = 0
  let isHeld = false

  /** Takes the server's time from a heartbeat. Only a real difference moves the clock, not the time on the way. */
  function hear(serverMs: number): void {
    const measured = serverMs - Date.now()
    if (Math.abs(measured - offsetMs) > 500) offsetMs = measured
  }

  /** The server's time right now. */
  const exactly = () => Date.now() + offsetMs

  /** Lets `now` stand still, or go on. */
  function hold(held: boolean): void {
    isHeld = held
    if (!isHeld) now.value = exactly()
  }

  setInterval(() => {
    if (!isHeld) now.value = exactly()
  }, 1000)

  return { now, hear, exactly, hold }
})
