// The pace of the stage that works, from what this page saw.

import { computed, ref, watch, type Ref } from 'vue'

import { Pace } from '@/format/pace'
import { skippedOf, stageNow } from '@/format/progress'
import { isRunning } from '@/format/state'
import { useClock } from '@/stores/clock'
import type { Task } from '@/transport/http'

export function useWorkPace(task: Ref<Task>) {
  const clock = useClock()
  const pace = ref(new Pace())
  let measured = ''

  watch(
    task,
    (now) => {
      const stage = stageNow(now)
      const key = [now.task_id, now.attempt_count, now.stage].join()
      if (key !== measured) pace.value = new Pace()
      measured = key
      if (stage?.progress && isRunning(now)) {
        const { progress } = stage
        pace.value.add(clock.exactly(), progress, Math.min(progress.done, skippedOf(now, progress.unit)))
      }
    },
    { immediate: true },
  )

  const report = computed(() => (isRunning(task.value) ? stageNow(task.value)?.progress : undefined))
  return {
    /** Of the last minute; before that, what the scheduler measured. */
    rate: computed(() => (report.value ? (pace.value.rate(clock.now) ?? report.value.rate) : 0)),
    hasGrown: computed(() => !!report.value && pace.value.hasGrown(clock.now)),
    rest: computed(() => {
      const stage = stageNow(task.value)
      if (!report.value || !stage?.start_time) return undefined
      return pace.value.rest(clock.now, report.value, Date.parse(stage.start_time))
    }),
  }
}
