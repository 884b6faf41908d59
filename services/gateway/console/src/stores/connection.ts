// Whether what is shown is live, and which part of the cluster does not answer: the phase of the streams of the open page,
// the worst of them if it has several.

import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'

import type { StreamPhase } from '@/transport/live_events'
import type { Problem, SilentPart } from '@/transport/problem'

import { useClock } from './clock'

interface StreamNews {
  phase: StreamPhase
  /** Since when nothing is heard, by the server's clock; undefined while all is well. */
  brokenSince?: number
}

const WORST_FIRST: StreamPhase[] = ['lost', 'silent', 'interrupted', 'unread', 'resting', 'connecting', 'open', 'frozen', 'ended']
const BROKEN: ReadonlySet<StreamPhase> = new Set(['lost', 'silent', 'interrupted', 'unread', 'resting'])
const SILENT: Partial<Record<StreamPhase, SilentPart>> = { lost: 'gateway', silent: 'gateway', interrupted: 'scheduler', unread: 'registry' }

export const useConnection = defineStore('connection', () => {
  const clock = useClock()
  const streams = shallowReactive(new Map<symbol, StreamNews>())

  /** A stream of the page begins. What it returns takes the stream's news, until its `end`. */
  function begin() {
    const stream = Symbol('stream')
    let lastHeard = clock.exactly()
    streams.set(stream, { phase: 'connecting' })
    return {
      /** `silentMs`: for how long, at this news, nothing had been heard; heartbeats are the gateway's alone. */
      onPhase(phase: StreamPhase, silentMs = 0): void {
        const before = streams.get(stream)
        if (!before) return
        streams.set(stream, BROKEN.has(phase) ? { phase, brokenSince: before.brokenSince ?? lastHeard - silentMs } : { phase })
      },
      /** Something arrived; heartbeats, which come while nothing else does, have the server's time. */
      onHeard(serverMs?: number): void {
        if (serverMs !== undefined) clock.hear(serverMs)
        lastHeard = clock.exactly()
      },
      end: () => void streams.delete(stream),
    }
  }

  const phase = computed(() => {
    const phases = new Set([...streams.values()].map((one) => one.phase))
    return WORST_FIRST.find((one) => phases.has(one)) ?? 'connecting'
  })
  const brokenSince = computed(() => {
    const known = [...streams.values()].map((one) => one.brokenSince).filter((one) => one !== undefined)
    return known.length ? Math.min(...known) : undefined
  })
  /** Whether live values may be old, and must be marked. */
  const isStale = computed(() => brokenSince.value !== undefined)
  const staleMs = computed(() => (brokenSince.value === undefined ? 0 : Math.max(0, clock.now - brokenSince.value)))

  /** What does not answer; undefined while everything does. */
  const silentPart = computed(() => SILENT[phase.value])
  /** Whether other values of the page are live, though one of its streams rests. */
  const isPartly = computed(() => phase.value === 'resting' && [...streams.values()].some((one) => one.phase === 'open'))
  /** Whether the line over the page says by itself why a read failed. */
  const saysWhy = (problem: Problem) => !!silentPart.value && !!problem.silentPart

  return { phase, silentPart, isPartly, isStale, staleMs, begin, saysWhy }
})
