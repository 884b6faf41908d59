// What became durable while one watches: a new checkpoint of a stage, or items that were marked as done.

import { shallowRef, watch, type Ref } from 'vue'

import type { TimeTick } from '@/charts/time_line'
import { useClock } from '@/stores/clock'
import type { Task } from '@/transport/http'

const MOST = 2000

export function useCheckpoints(task: Ref<Task | undefined>) {
  const clock = useClock()
  const ticks = shallowRef<TimeTick[]>([])
  watch(task, (now, before) => {
    if (!now) return
    if (before?.task_id !== now.task_id) {
      ticks.value = []
      return
    }
    const stage = durableIn(before, now)
    if (stage) ticks.value = [...ticks.value.slice(1 - MOST), { stage, at: clock.exactly() }]
  })
  return ticks
}

/** The stage that saved something between the two; empty without any. */
export function durableIn(before: Task, after: Task): string {
  const known = new Map(before.stages.map((stage) => [stage.name, stage]))
  const saved = after.stages.find(({ name, checkpoint, left_out_bytes }) => {
    if (name !== after.stage) return false // a stage that has ended saves nothing more
    const old = known.get(name)
    if (checkpoint === undefined) return left_out_bytes > 0 && left_out_bytes !== old?.left_out_bytes
    return JSON.stringify(checkpoint) !== JSON.stringify(old?.checkpoint)
  })
  if (saved) return saved.name
  return after.stage && endedItems(after) > endedItems(before) ? after.stage : ''
}

function endedItems(task: Task): number {
  const counts = task.manifests.flatMap((manifest) => manifest.counts).filter((count) => count.state !== 'todo')
  return counts.reduce((sum, count) => sum + count.items, 0)
}
