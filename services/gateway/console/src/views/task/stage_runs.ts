// Of a task with many stages, those that are over and those to come are folded, each run of them into one card.

import { computed, ref, type Ref } from 'vue'

import type { TimeRow } from '@/charts/time_line'
import { said } from '@/format/said'
import { stageLook } from '@/format/state'
import { useSay } from '@/i18n/say'
import type { Stage, Task } from '@/transport/http'

/** Fewer stages are all shown. */
export const MOST_STAGES = 40
/** A shorter run is no gain. */
const LEAST_RUN = 3
/** So many stages on each side of the one that works stay: a window has room for them and for a run at each end. */
const BESIDE = 1

export interface StageRun {
  /** Name of its first stage, by which it is known. */
  key: string
  kind: 'done' | 'to_come'
  stages: Stage[]
}

export type ShownStage = Stage | StageRun

export const isRun = (one: ShownStage): one is StageRun => 'kind' in one
export const nameOf = (one: ShownStage): string => (isRun(one) ? `+ ${one.key}` : one.name)
export const sayRun = (run: StageRun) => said(`task.stage_run.${run.kind}`, { count: run.stages.length })

/** What the page of a task shows of its stages, and which runs its reader has opened. */
export function useStageRuns(task: Ref<Task | undefined>, selected: Ref<string>) {
  const say = useSay()
  const opened = ref<ReadonlySet<string>>(new Set())
  const shown = computed(() => (task.value ? shownStages(task.value, opened.value, selected.value) : []))
  const rows = computed<TimeRow[]>(() =>
    shown.value.map((one) => {
      const key = nameOf(one)
      return isRun(one)
        ? { key, label: say.say(sayRun(one)), stages: one.stages.map((stage) => stage.name) }
        : { key, label: one.name, stages: [one.name] }
    }),
  )

  function open(run: StageRun): void {
    opened.value = new Set([...opened.value, ...run.stages.map((stage) => stage.name)])
  }
  const fold = () => (opened.value = new Set())

  return { shown, rows, isOpened: computed(() => opened.value.size > 0), open, fold }
}

/** `opened`: stages whose runs the reader has opened. The `selected` stage is in no run. */
export function shownStages(task: Task, opened: ReadonlySet<string>, selected: string): ShownStage[] {
  const { stages } = task
  if (stages.length <= MOST_STAGES) return [...stages]
  const now = stages.findIndex((stage) => stage.name === task.stage)
  const kinds = stages.map((stage, index) => {
    const isBeside = now >= 0 && Math.abs(index - now) <= BESIDE
    return isBeside || stage.name === selected || opened.has(stage.name) ? undefined : kindOf(stage, task)
  })
  const shown: ShownStage[] = []
  for (let from = 0; from < stages.length; ) {
    let to = from + 1
    while (kinds[from] && kinds[to] === kinds[from]) to += 1
    const part = stages.slice(from, to)
    const kind = kinds[from]
    if (kind && part.length >= LEAST_RUN) shown.push({ key: (part[0] as Stage).name, kind, stages: part })
    else shown.push(...part)
    from = to
  }
  return shown
}

function kindOf(stage: Stage, task: Task): StageRun['kind'] | undefined {
  const look = stageLook(stage, task)
  if (look === 'completed') return 'done'
  return look === 'pending' ? 'to_come' : undefined
}
