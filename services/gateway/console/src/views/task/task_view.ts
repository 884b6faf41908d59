// The open task: followed by one stream; its attempts and its story are read again when something happened.

import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { isRunning } from '@/format/state'
import { useClock } from '@/stores/clock'
import { useExplanations } from '@/stores/explanations'
import { type TaskHistory, useHistory } from '@/stores/history'
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
  const problem = shallowRef<Problem>()
  const explanations = useExplanations()
  const openedAt = ref(clock.exactly())
  /** When its handler last reported progress before the page looked; 0 if never. */
  const reportedAt = ref<number>()
  let stop = () => {}
  let reading = 0

  const task = computed(() => tasks.byId.get(id.value))

  const movedAt = computed(() => {
    const attempt = history.value.attempts.at(-1)
    const begun = attempt?.start_time ? Date.parse(attempt.start_time) : 0
    return Math.max(tasks.movedAt.get(id.value) ?? 0, reportedAt.value ?? openedAt.value, begun)
  })

  function open(): void {
    stop()
    problem.value = undefined
    history.value = { attempts: [], events: [] }
    isHistoryLoaded.value = false
    openedAt.value = clock.exactly()
    stop = tasks.watchOne(id.value, { onRefused: (refused) => (problem.value = refused) })
  }

  async function readHistory(): Promise<void> {
    const mine = ++reading
    try {
      const found = await stories.load(id.value)
      if (mine !== reading) return
      history.value = found
      isHistoryLoaded.value = true
    } catch (error) {
      // A lost connection is said by its own line, and a change after it reads the history again.
      const found = asProblem(error)
      if (mine === reading && found.reason !== 'UNREACHABLE' && !problem.value) problem.value = found
    }
  }

  /** A task that has stood still for hours shows that at once. Without an answer its stillness counts from now. */
  async function askProgress(taskId: string): Promise<void> {
    reportedAt.value = undefined
    const { reasons } = await explanations.load(taskId).catch(() => ({ reasons: [] }))
    const attempt = reasons.find((reason) => reason.attempt)?.attempt
    if (attempt && taskId === id.value) reportedAt.value = attempt.progress_time ? Date.parse(attempt.progress_time) : 0
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
  onScopeDispose(() => {
    reading += 1
    stop()
  })

  return { task, history, isHistoryLoaded, problem, movedAt, open }
}

/** Changes whenever the story of a task goes on, and never by progress alone. */
function happened(task: Task): string {
  return [task.task_id, task.version, ...task.stages.map((stage) => stage.state ?? '')].join()
}
