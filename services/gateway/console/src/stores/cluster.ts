// Counts, executors, queues and health as they are now, kept true by the stream of cluster changes.

import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'

import { readEvents, type StreamPhase } from '@/transport/live_events'
import { answer, http, type Executor, type Health, type Overview, type Queue } from '@/transport/http'
import { phaseOf, problemOf, type Problem } from '@/transport/problem'

import { useClock } from './clock'
import { useConnection } from './connection'
import { useDepartures } from './departures'

/** An entry, and when it was last seen alive or its oldest task became ready: the stream sends such ages rarely. */
export type SeenExecutor = Executor & { seenAt: number }
export type SeenQueue = Queue & { oldestAt: number }

interface Change {
  set?: Record<string, unknown>
  removed?: string[]
  problem?: unknown
}

/** What pages wait for; the health says by itself whether it is known. */
const AWAITED = ['executors', 'queues', 'overview']

export const useCluster = defineStore('cluster', () => {
  const clock = useClock()
  const connection = useConnection()
  const executors = shallowReactive(new Map<string, SeenExecutor>())
  const queues = shallowReactive(new Map<string, SeenQueue>())
  const { gone, heldAtDrain, note: noteDepartures, noteDrain } = useDepartures()
  /** Undefined while no page follows the cluster: an old answer would be no answer. */
  const health = shallowRef<Health>()
  /** When its ages were told. */
  const healthAt = ref(0)
  /** Counts by type and state; another object with every change. */
  const overview = shallowRef<Overview>()
  const problems = shallowReactive(new Map<string, Problem>())
  /** Kinds that were told of, if only why they cannot be read. */
  const told = shallowReactive(new Set<string>())
  const isLoaded = computed(() => AWAITED.every((kind) => told.has(kind)))

  /** Keeps both up to date until the returned function is called. */
  function watch(): () => void {
    const news = connection.begin()
    // Kinds whose entries came since the stream began. The first ones are all, also after a break: others are gone.
    const whole = new Set<string>()
    let phase: StreamPhase = 'connecting'
    // The gateway, which answers, tells in each kind whether something behind it does not.
    const tellPhase = () => {
      const problem = phase === 'open' ? outage() : undefined
      news.onPhase((problem && phaseOf(problem)) ?? phase, problem?.silentMs)
    }
    const close = readEvents(() => '/api/v1/cluster/watch', {
      onMessage: (message) => {
        news.onHeard()
        const changes = message as Record<string, Change | undefined>
        const { executors: ofExecutors, queues: ofQueues, overview: ofOverview, health: ofHealth } = changes
        const before = new Map(executors)
        for (const [kind, change] of Object.entries(changes)) {
          told.add(kind)
          if (!change?.set || whole.has(kind)) continue
          whole.add(kind)
          problems.delete(kind)
          if (kind === 'executors') executors.clear()
          if (kind === 'queues') queues.clear()
        }
        const now = clock.exactly()
        take(executors, ofExecutors, (one: Executor) => ({ ...one, seenAt: now - one.last_seen_ms }))
        take(queues, ofQueues, (one: Queue) => ({ ...one, oldestAt: now - one.oldest_ready_ms }))
        if (ofExecutors?.set || ofExecutors?.removed) noteDepartures(before, executors)
        const nowHealth = ofHealth?.set?.['cluster'] as Health | undefined
        if (nowHealth) {
          health.value = Object.freeze(nowHealth)
          healthAt.value = now
        }
        const counts = ofOverview?.set?.['cluster'] as Overview | undefined
        if (counts) overview.value = Object.freeze(counts)
        note('overview', ofOverview)
        note('executors', ofExecutors)
        note('queues', ofQueues)
        note('health', ofHealth)
        tellPhase()
      },
      onPhase: (now) => {
        phase = now
        if (phase === 'lost' || phase === 'resting' || phase === 'frozen') whole.clear()
        tellPhase()
      },
      onGap: () => whole.clear(),
      onHeartbeat: news.onHeard,
      onRefused: (problem) => problems.set('executors', problem),
    })
    return () => {
      close()
      news.end()
      health.value = undefined
    }
  }

  /** The problem of a kind that says what does not answer; undefined while all kinds are read. */
  function outage(): Problem | undefined {
    const silent = [...problems.values()].filter((one) => one.silentPart)
    return silent.find((one) => one.silentPart === 'scheduler') ?? silent[0]
  }

  function note(kind: string, change: Change | undefined): void {
    if (change?.problem === null) problems.delete(kind)
    else if (change?.problem) problems.set(kind, problemOf(change.problem, 0))
  }

  /** Asks an executor to finish: it takes no new task, and gives back what it holds. Raises Problem. */
  async function drain(executorId: string, reason: string): Promise<void> {
    const path = { executor_id: executorId }
    await answer(http.PUT('/api/v1/executors/{executor_id}/drain', { params: { path }, body: { reason } }))
    noteDrain(executors.get(executorId))
  }

  const connected = computed(() => [...executors.values()].filter((one) => one.connected))
  const slots = computed(() => connected.value.reduce((sum, one) => sum + (one.draining ? 0 : one.slots), 0))
  const running = computed(() => connected.value.reduce((sum, one) => sum + one.running, 0))
  /** Whether an executor that takes new tasks runs this type now. */
  const serves = (taskType: string) => connected.value.some((one) => !one.draining && one.task_types.includes(taskType))

  return { executors, gone, heldAtDrain, queues, overview, health, healthAt, problems, isLoaded, connected, slots, running, watch, drain, serves }
})

function take<Entry, Seen>(known: Map<string, Seen>, change: Change | undefined, seen: (entry: Entry) => Seen): void {
  for (const key of change?.removed ?? []) known.delete(key)
  for (const [key, entry] of Object.entries(change?.set ?? {})) known.set(key, Object.freeze(seen(entry as Entry)))
}
