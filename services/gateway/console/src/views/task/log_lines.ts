// The lines of the open log: followed, in their order, without those that came twice, and the latest only.

import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { lineKey, type LogFilter, MOST_LINES, useLog } from '@/stores/log'
import type { LogLine } from '@/transport/http'
import type { Problem } from '@/transport/problem'

export function useLogLines(taskId: Ref<string>, filter: Ref<LogFilter>, isFinal: Ref<boolean>) {
  const log = useLog()
  const lines = shallowRef<LogLine[]>([])
  const isLoading = ref(true)
  const isCut = ref(false)
  const problem = shallowRef<Problem>()
  let known = new Set<string>()
  let waiting: LogLine[] = []
  let frame = 0
  let stop = () => {}

  function open(): void {
    stop()
    cancelAnimationFrame(frame)
    frame = 0
    known = new Set()
    waiting = []
    lines.value = []
    isLoading.value = true
    isCut.value = false
    problem.value = undefined
    follow()
  }

  function follow(): void {
    stop()
    stop = log.follow(taskId.value, filter.value, {
      onLines: (found) => {
        for (const line of found) {
          const key = lineKey(line)
          if (!known.has(key)) waiting.push(line)
          known.add(key)
        }
        frame ||= requestAnimationFrame(flush)
      },
      onPhase: (phase) => {
        if (phase === 'ended') isLoading.value = false
      },
      onRefused: (refused) => (problem.value = refused),
    })
  }

  function flush(): void {
    frame = 0
    isLoading.value = false
    if (!waiting.length) return
    const all = [...lines.value, ...waiting]
    waiting = []
    if (all.length > MOST_LINES) isCut.value = true
    lines.value = all.slice(-MOST_LINES)
  }

  watch([taskId, filter], open, { immediate: true })
  // The stream of a final task ends; a restart begins it again.
  watch(isFinal, (now, before) => {
    if (before && !now) follow()
  })
  onScopeDispose(() => {
    stop()
    cancelAnimationFrame(frame)
  })

  return { lines, isLoading, isCut, problem, open }
}
