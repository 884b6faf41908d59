// Executors that went while this tab was looking, and how far those that drain have come. The cluster forgets both.

import { shallowReactive } from 'vue'

import type { SeenExecutor } from './cluster'

export interface GoneExecutor {
  executor: SeenExecutor
  /** `lost`: killed or cut off; `drained` or `stopped`: it ended in order. */
  how: 'lost' | 'drained' | 'stopped'
}

/** A tab that is open for weeks keeps no more. */
const MOST_GONE = 200

export function useDepartures() {
  const gone = shallowReactive(new Map<string, GoneExecutor>())
  /** By executor how many tasks it held when it began to drain, as far as was seen. */
  const heldAtDrain = shallowReactive(new Map<string, number>())

  /** Notes what has changed from `before` to `now`. */
  function note(before: ReadonlyMap<string, SeenExecutor>, now: ReadonlyMap<string, SeenExecutor>): void {
    for (const [id, executor] of now) {
      gone.delete(id)
      if (executor.draining) heldAtDrain.set(id, Math.max(heldAtDrain.get(id) ?? before.get(id)?.running ?? 0, executor.running))
    }
    for (const [id, executor] of before) {
      if (now.has(id)) continue
      const hasDrained = heldAtDrain.delete(id) || executor.draining
      gone.set(id, { executor, how: !executor.connected ? 'lost' : hasDrained ? 'drained' : 'stopped' })
      const oldest = gone.keys().next().value
      if (gone.size > MOST_GONE && oldest !== undefined) gone.delete(oldest)
    }
  }

  /** This tab asked an executor to drain: without tasks it may be gone before it is seen to. */
  function noteDrain(executor: SeenExecutor | undefined): void {
    if (executor) heldAtDrain.set(executor.executor_id, executor.running)
  }

  return { gone, heldAtDrain, note, noteDrain }
}
