// What a task's state looks like: icon, word and colour, never colour alone. A state without a line does not compile.

import type { Stage, Task, TaskState } from '@/transport/http'

import type { IconName } from './icon'
import { said, type Said } from './said'

export interface StateLook {
  icon: IconName
  /** A colour of `ui/tokens.css`. */
  colour: string
}

export const STATES: Record<TaskState, StateLook> = {
  pending: { icon: 'clock', colour: 'var(--state-grey)' },
  queued: { icon: 'lines', colour: 'var(--state-grey)' },
  running: { icon: 'play', colour: 'var(--state-running)' },
  awaiting_approval: { icon: 'hand', colour: 'var(--state-approval)' },
  paused: { icon: 'pause', colour: 'var(--state-paused)' },
  completed: { icon: 'tick', colour: 'var(--state-completed)' },
  failed: { icon: 'cross', colour: 'var(--state-failed)' },
  cancelled: { icon: 'slash', colour: 'var(--state-grey)' },
}

/** The states that tasks can have today: nothing asks for approval yet. */
export const TASK_STATES = (Object.keys(STATES) as TaskState[]).filter((state) => state !== 'awaiting_approval')

const FINAL: ReadonlySet<TaskState> = new Set(['completed', 'failed', 'cancelled'])

export const stateOf = (task: Task): TaskState => task.task_status ?? 'pending'
export const isFinal = (task: Task): boolean => FINAL.has(stateOf(task))
export const isRunning = (task: Task): boolean => stateOf(task) === 'running'

/** When it ended, in milliseconds. */
export const endOf = (task: Task): number => Date.parse(task.end_time ?? task.submit_time ?? '') || 0

export const sayState = (state: TaskState): Said => said(`state.${state}`)

/** A stage has states of its own; each looks like the state of a task in the same situation. */
export function stageLook(stage: Stage, task: Task): TaskState {
  if (stage.state === 'completed') return 'completed'
  if (stage.state === 'failed') return 'failed'
  if (stage.state === 'running' || (stage.name === task.stage && stage.start_time)) return stateOf(task)
  return 'pending'
}
