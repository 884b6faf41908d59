// Whether there is more to do than a stage said at first.

import { computed, ref, watch, type Ref } from 'vue'

import { stageNow } from '@/format/progress'
import { useClock } from '@/stores/clock'
import type { Task } from '@/transport/http'

/** A total that grew by more than this share makes the remaining time wrong for so long: the scheduler says none. */
const GROWN_SHARE = 0.01
const GROWN_MS = 30_000

/** True for a while after the total of the stage that works has grown. */
export function useGrownTotal(task: Ref<Task>) {
  const clock = useClock()
  const grownAt = ref(-Infinity)
  watch(task, (now, before) => {
    const [stage, former] = [stageNow(now), stageNow(before)]
    if (now.task_id !== before.task_id || stage?.name !== former?.name) grownAt.value = -Infinity
    else if (former?.progress?.total && (stage?.progress?.total ?? 0) > former.progress.total * (1 + GROWN_SHARE)) {
      grownAt.value = clock.exactly()
    }
  })
  return computed(() => clock.now - grownAt.value < GROWN_MS)
}
