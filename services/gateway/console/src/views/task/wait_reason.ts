// Why the open task waits: asked for when it begins to wait, and when something changes about it.

import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'

import { stateOf } from '@/format/state'
import { sayWaiting } from '@/format/waiting'
import { useExplanations } from '@/stores/explanations'
import type { ExplanationReason, Task } from '@/transport/http'

export function useWaitReason(task: Ref<Task>) {
  const explanations = useExplanations()
  const reason = shallowRef<ExplanationReason>()
  let round = 0

  const waits = computed(() => ['pending', 'queued'].includes(stateOf(task.value)))

  watch(
    () => (waits.value ? `${task.value.task_id} ${task.value.version}` : ''),
    async (now) => {
      const mine = ++round
      reason.value = undefined
      if (!now) return
      // Without an answer the page says what the task itself tells.
      const found = await explanations.load(task.value.task_id).catch(() => undefined)
      if (mine === round) reason.value = found?.reasons[0]
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    round += 1
  })

  return computed(() => (waits.value && reason.value ? sayWaiting(reason.value, task.value) : undefined))
}
