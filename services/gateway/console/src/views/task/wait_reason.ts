// Why the open task waits: asked for when it begins to wait, and again when its queue or the executors change.

import { refThrottled } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'

import { stateOf } from '@/format/state'
import { sayWaiting } from '@/format/waiting'
import { useCluster } from '@/stores/cluster'
import { useExplanations } from '@/stores/explanations'
import { untilRead } from '@/stores/reread'
import type { ExplanationReason, Task } from '@/transport/http'

/** Queues change all the time; the reason is worth a question now and then. */
const EVERY_MS = 3000

export function useWaitReason(task: Ref<Task | undefined>) {
  const explanations = useExplanations()
  const cluster = useCluster()
  const reason = shallowRef<ExplanationReason>()
  let round = 0

  const waits = computed(() => !!task.value && ['pending', 'queued'].includes(stateOf(task.value)))
  const surroundings = computed(() => {
    if (!waits.value || !task.value) return ''
    const type = cluster.queues.get(task.value.queue)?.types.find((one) => one.task_type === task.value?.task_type)
    return `${type?.depth} ${type?.running} ${type?.max_running} ${cluster.slots} ${cluster.serves(task.value.task_type)}`
  })
  const changes = refThrottled(surroundings, EVERY_MS)

  watch(
    () => (waits.value && task.value ? [task.value.task_id, task.value.version, changes.value].join() : ''),
    async (now) => {
      const mine = ++round
      if (!now || !task.value) {
        reason.value = undefined
        return
      }
      // Until there is an answer, the page says what the task itself tells.
      const { task_id } = task.value
      const found = await untilRead(() => explanations.load(task_id), () => mine === round)
      if (mine === round) reason.value = found?.reasons[0]
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    round += 1
  })

  return computed(() => (waits.value && task.value && reason.value ? sayWaiting(reason.value, task.value) : undefined))
}
