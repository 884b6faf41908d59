// Whether a running task moves, stands still, or has an executor that says nothing: each looks different.

import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'

import { executorState, SILENT_MS } from '@/format/executor'
import { STALLED_MS } from '@/format/progress'
import { isFinal, isRunning } from '@/format/state'
import { useClock } from '@/stores/clock'
import { useCluster } from '@/stores/cluster'
import { useConnection } from '@/stores/connection'
import type { TaskHistory } from '@/stores/history'
import type { Task } from '@/transport/http'

export type Life = 'none' | 'moving' | 'still' | 'stalled' | 'silent'

/** When the attempt that runs began; 0 without one. */
export function attemptBegin({ attempts }: Pick<TaskHistory, 'attempts'>): number {
  const last = attempts.at(-1)
  return last && !last.end_time ? Date.parse(last.start_time ?? '') || 0 : 0
}

/** A task that moves proves by itself that its executor lives; only then the executors must be watched too. */
const STILL_MS = 3000

export function useTaskLife(task: Ref<Task | undefined>, movedAt: Ref<number>) {
  const cluster = useCluster()
  const clock = useClock()
  const connection = useConnection()
  /** Until when something was heard: what stood still since then, nobody here knows. */
  const heardAt = computed(() => clock.now - connection.staleMs)
  let stop = () => {}

  const stillMs = computed(() => (task.value && isRunning(task.value) ? Math.max(0, heardAt.value - movedAt.value) : 0))
  const executor = computed(() => cluster.executors.get(task.value?.executor_id ?? ''))
  const isWatching = ref(false)

  /** When the executor was last heard. The stream renews its age only when ten seconds have passed. */
  const signAt = computed(() => {
    const one = executor.value
    if (!isWatching.value || !one) return movedAt.value
    const isHeard = one.connected && one.last_seen_ms < SILENT_MS
    if (isHeard) return heardAt.value
    return one.seenAt - movedAt.value < SILENT_MS ? movedAt.value : one.seenAt
  })

  const life = computed<Life>(() => {
    if (!task.value || !isRunning(task.value)) return 'none'
    if (stillMs.value < STILL_MS) return 'moving'
    if (isWatching.value && cluster.isLoaded) {
      if (!executor.value) return 'silent'
      if (executorState(executor.value, heardAt.value - signAt.value) === 'silent') return 'silent'
    }
    return stillMs.value < STALLED_MS ? 'still' : 'stalled'
  })

  // Watched to the end, since what it waits for changes with the executors and queues, and since this stream tells within
  // seconds that the scheduler does not answer: that of the task is silent for as long as gRPC waits.
  watch(
    () => !!task.value && !isFinal(task.value),
    (now) => {
      stop()
      stop = now ? cluster.watch() : () => {}
      isWatching.value = now
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())

  return { life, signAt, stillMs }
}
