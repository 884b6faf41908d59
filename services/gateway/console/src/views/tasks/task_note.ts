// What a row says about its task besides its state: what it does now, why it does not go on, or how it went wrong.

import { messageOf } from '@/format/failure'
import { sayTask, sayWork, STALLED_MS } from '@/format/progress'
import { sayTypeWaits } from '@/format/queue_waiting'
import { said, type Said } from '@/format/said'
import { isRunning, stateOf } from '@/format/state'
import { sayDuration } from '@/format/duration'
import { useSay } from '@/i18n/say'
import { useClock } from '@/stores/clock'
import { useCluster } from '@/stores/cluster'
import { usePreferences } from '@/stores/preferences'
import type { Task } from '@/transport/http'
import { useUnserved } from '@/ui/unserved'

export const errorOf = (task: Task) => (task.failure ? messageOf(task.failure) : '')

/** To be called in a page that watches the cluster. */
export function useTaskNote() {
  const say = useSay()
  const clock = useClock()
  const cluster = useCluster()
  const preferences = usePreferences()
  const { queuesOf } = useUnserved()

  /** Why it waits, as far as the page can see it. */
  function waitOf(task: Task): Said | undefined {
    const state = stateOf(task)
    if (state === 'queued') {
      const type = cluster.queues.get(task.queue)?.types.find((one) => one.task_type === task.task_type)
      return type && sayTypeWaits(task.queue, type, cluster.connected, queuesOf.value)
    }
    if (state !== 'pending' || !task.due_time) return undefined
    const due = Date.parse(task.due_time)
    if (task.waiting_for !== 'retry') return said('tasks.starts', { time: say.time(due) })
    const left = sayDuration(Math.max(0, Math.ceil((due - clock.now) / 1000)) * 1000)
    return task.failure ? said('tasks.again', { left, message: errorOf(task) }) : undefined
  }

  const sentenceOf = (task: Task, stillMs: number) => say.say(waitOf(task) ?? sayTask(task, clock.now, stillMs))

  function noteOf(task: Task, stillMs: number): string {
    if (task.deleted) return say.t('tasks.deleted')
    const state = stateOf(task)
    if (state === 'failed' && task.failure) return errorOf(task)
    if (isRunning(task) && task.stage && stillMs < STALLED_MS && !task.requested) {
      return [task.stage, ...sayWork(task, preferences.language, stillMs).map(say.say)].join(' · ')
    }
    return state === 'completed' && !task.warning_count ? '' : sentenceOf(task, stillMs)
  }

  return { noteOf, sentenceOf }
}
