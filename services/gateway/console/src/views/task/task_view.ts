// The open task: followed by one stream; its attempts and its story are read again when something happened.

import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { isRunning } from '@/format/state'
import { useClock } from '@/stores/clock'
import { useExplanations } from '@/stores/explanations'
import { type TaskHistory, useHistory } from '@/stores/history'
import { AGAIN_MS, untilRead } from '@/stores/reread'
import { useTasks } from '@/stores/tasks'
import type { Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

export function useTaskView(id: Ref<string>) {
  const tasks = useTasks()
  const clock = useClock()
  const stories = useHistory()
  const history = shallowRef<TaskHistory>({ attempts: [], events: [] })
  /** Whether the history was read once: until then nothing is drawn that would move when it comes. */
  const isHistoryLoaded = ref(false)
  const refused = shallowRef<Problem>()
  /** Why the history could not be read. */
  const unread = shallowRef<Problem>()
  const problem = computed(() => refused.value ?? unread.value)
  const explanations = useExplanations()
  const openedAt = ref(clock.exactly())
  /** When its work last moved before the page looked; 0 if never. */
  const reportedAt = ref<number>()
  let stop = () => {}
  let reading = 0
  let asking = 0
  let again: ReturnType<typeof setTimeout> | undefined

  const task = computed(() => tasks.byId.get(id.value))

  const movedAt = computed(() => {
    const attempt = history.value.attempts.at(-1)
    const begun = attempt?.start_time ? Date.parse(attempt.start_time) : 0
    return Math.max(tasks.movedAt.get(id.value) ?? 0, reportedAt.value ?? openedAt.value, begun)
  })

  /** Whether `movedAt` is known, and not only the time since when the page looks. */
  const isMovedKnown = computed(() => reportedAt.value !== undefined || tasks.movedAt.has(id.value))

  function open(): void {
    stop()
    refused.value = unread.value = undefined
    history.value = { attempts: [], events: [] }
    isHistoryLoaded.value = false
    openedAt.value = clock.exactly()
    stop = tasks.watchOne(id.value, { onRefused: (found) => (refused.value = found) })
  }

  async function readHistory(): Promise<void> {
    const mine = ++reading
    clearTimeout(again)
    try {
      const found = await stories.load(id.value)
      if (mine !== reading) return
      history.value = found
      isHistoryLoaded.value = true
      unread.value = undefined
    } catch (error) {
      if (mine !== reading) return
      const found = asProblem(error)
      // What does not answer is said by its own line.
      if (!found.silentPart) unread.value = found
      if (!found.isForGood) again = setTimeout(() => void readHistory(), AGAIN_MS)
    }
  }

  /** A task that has stood still for hours shows that at once. Until there is an answer its stillness counts from now. */
  async function askProgress(taskId: string): Promise<void> {
    const mine = ++asking
    reportedAt.value = undefined
    const found = await untilRead(() => explanations.load(taskId), () => mine === asking)
    const attempt = found?.reasons.find((reason) => reason.attempt)?.attempt
    if (attempt && mine === asking) reportedAt.value = attempt.progress_time ? Date.parse(attempt.progress_time) : 0
  }

  watch(id, open, { immediate: true })
  watch(
    () => (task.value && isRunning(task.value) ? `${id.value} ${task.value.attempt_count}` : ''),
    (now) => now && void askProgress(id.value),
    { immediate: true },
  )
  watch(
    () => task.value && happened(task.value),
    (now) => {
      if (now) void readHistory()
    },
    { immediate: true },
  )
  onScopeDispose(tasks.keep(() => [id.value]))
  onScopeDispose(() => {
    reading += 1
    asking += 1
    clearTimeout(again)
    stop()
  })

  return { task, history, isHistoryLoaded, problem, movedAt, isMovedKnown, open }
}

/** Changes whenever the story of a task goes on, and never by progress alone. */
function happened(task: Task): string {
  return [task.task_id, task.version, ...task.stages.map((stage) => stage.state ?? '')].join()
}
