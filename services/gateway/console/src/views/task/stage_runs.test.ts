import { describe, expect, it } from 'vitest'

import type { Stage, Task } from '@/transport/http'

import { isRun, shownStages } from './stage_runs'

function aTask(count: number, now: number): Task {
  const stages = Array.from({ length: count }, (_, index) => {
    const state = index < now ? 'completed' : index === now ? 'running' : undefined
    return { name: `s${index}`, position: index, weight: 1, left_out_bytes: 0, is_saved: false, ...(state ? { state } : {}) } as Stage
  })
  return { task_id: 't', task_status: 'running', stage: `s${now}`, stages } as Task
}

const seen = (task: Task, opened: string[] = [], selected = '') =>
  shownStages(task, new Set(opened), selected).map((one) => (isRun(one) ? `${one.kind} ${one.stages.length}` : one.name))

describe('the stages of a task', () => {
  it('are all shown while they are few', () => {
    expect(seen(aTask(40, 20))).toHaveLength(40)
  })

  it('are folded where they are over or to come, but for those beside the one that works', () => {
    expect(seen(aTask(60, 20))).toEqual(['done 19', 's19', 's20', 's21', 'to_come 38'])
    expect(seen(aTask(60, 2))).toEqual(['s0', 's1', 's2', 's3', 'to_come 56'])
  })

  it('never hide a stage that failed, is selected, or was asked for', () => {
    const failed = aTask(60, 59)
    failed.stages[10]!.state = 'failed'
    expect(seen(failed, [], 's30')).toEqual(['done 10', 's10', 'done 19', 's30', 'done 27', 's58', 's59'])
    const opened = aTask(60, 20)
    expect(seen(opened, opened.stages.slice(0, 19).map((one) => one.name))).toHaveLength(19 + 3 + 1)
  })
})
