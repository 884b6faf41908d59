// One command for many tasks: sent one by one, a few at a time, each with its own result.

import { computed, onScopeDispose, ref, shallowReactive, shallowRef } from 'vue'

import { isRunning as runs } from '@/format/state'
import { useClock } from '@/stores/clock'
import { useTasks, type CommandFacts } from '@/stores/tasks'
import type { Command, Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'
import { newRequestId } from '@/transport/request_id'

/** Browsers open six connections to a site, and the page's streams need theirs. */
const AT_ONCE = 4

export type Outcome = 'waiting' | 'sent' | 'done' | 'refused' | 'stopped'

export interface BatchEntry {
  task: Task
  outcome: Outcome
  problem?: Problem
  /** The same for each try, so that a command whose answer was lost is carried out once. */
  requestId: string
  /** What its executor has still to carry out. */
  asked?: 'pause' | 'cancel'
}

/** Commands that would lose something if the task had changed since the reader looked. */
const GUARDED: ReadonlySet<Command> = new Set(['cancel', 'restart', 'delete'])

export function useBatch() {
  const tasks = useTasks()
  const clock = useClock()
  const entries = shallowReactive(new Map<string, BatchEntry>())
  const command = shallowRef<Command>('pause')
  const isRunning = ref(false)
  let facts: CommandFacts = {}
  let isStopped = false

  const withOutcome = (...outcomes: Outcome[]) => [...entries.values()].filter((one) => outcomes.includes(one.outcome))
  const finished = computed(() => withOutcome('done', 'refused').length)
  const done = computed(() => withOutcome('done').length)
  const refused = computed(() => withOutcome('refused'))
  /** A task that has changed since the reader looked is not deleted by trying again: it may run now, and needs a new look. */
  const again = computed(() =>
    withOutcome('refused', 'stopped').filter((one) => !(command.value === 'delete' && one.problem?.reason === 'VERSION_CHANGED')),
  )

  async function run(wanted: readonly Task[], what: Command, given: CommandFacts): Promise<void> {
    entries.clear()
    command.value = what
    facts = given
    for (const task of wanted) put({ task, outcome: 'waiting', requestId: newRequestId(clock.exactly()) })
    await send()
  }

  /** Tries again what was refused and what was not sent any more, with the tasks as they are now. */
  async function retry(): Promise<void> {
    for (const { task, requestId } of again.value) put({ task: tasks.byId.get(task.task_id) ?? task, outcome: 'waiting', requestId })
    await send()
  }

  async function send(): Promise<void> {
    isStopped = false
    isRunning.value = true
    const waiting = withOutcome('waiting')
    const work = async () => {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        if (isStopped) put({ ...entry, outcome: 'stopped' })
        else await give(entry)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    isRunning.value = false
  }

  async function give(entry: BatchEntry): Promise<void> {
    const { task, requestId } = entry
    put({ ...entry, outcome: 'sent' })
    try {
      const version = GUARDED.has(command.value) ? { version: task.version } : {}
      const after = await tasks.command(task.task_id, command.value, { ...facts, ...version, requestId })
      const asked = after && runs(after) ? after.requested : undefined
      put({ task, requestId, outcome: 'done', ...(asked ? { asked } : {}) })
    } catch (error) {
      put({ task, requestId, outcome: 'refused', problem: asProblem(error) })
    }
  }

  const put = (entry: BatchEntry) => void entries.set(entry.task.task_id, entry)
  const stop = () => (isStopped = true)
  onScopeDispose(stop)

  return { entries, command, isRunning, finished, done, refused, again, run, retry, stop }
}
