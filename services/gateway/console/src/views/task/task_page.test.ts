import { describe, expect, it } from 'vitest'

import type { TaskHistory } from '@/stores/history'
import type { Attempt, Stage, Task, TaskEvent } from '@/transport/http'

import { sayCancel, sayDelete, sayFromCheckpoint, sayFromStart } from './action_facts'
import { durableIn } from './checkpoints'
import { sayHits } from './log_found'
import { saySimply, simpleStory } from './simple_words'

function aStage(given: Partial<Stage>): Stage {
  return { name: 'copy', position: 0, weight: 1, left_out_bytes: 0, is_saved: false, ...given }
}

function aTask(given: Partial<Task> = {}): Task {
  return { task_id: 't', task_status: 'running', stage: 'copy', run: 1, stages: [aStage({})], manifests: [], warning_count: 0, ...given } as Task
}

const items = (done: number) => [{ manifest: 'items', sealed: true, counts: [{ state: 'done' as const, items: done, size: done * 1024 }] }]
const HISTORY: TaskHistory = {
  attempts: [
    { epoch: 1, run: 1, start_time: '2026-06-15T12:00:00Z', end_time: '2026-06-15T12:10:00Z' },
    { epoch: 2, run: 2, start_time: '2026-06-15T13:00:00Z', end_time: '2026-06-15T13:01:00Z' },
  ] as Attempt[],
  events: [],
}
const keys = (said: { key: string }[]) => said.map((one) => one.key.replace('task.confirm.', ''))

describe('what is saved while one watches', () => {
  const before = aTask({ stages: [aStage({ checkpoint: { n: 1 } })], manifests: items(3) })

  it('is a new checkpoint, or items that ended', () => {
    expect(durableIn(before, aTask({ stages: [aStage({ checkpoint: { n: 2 } })], manifests: items(3) }))).toBe('copy')
    expect(durableIn(before, aTask({ stages: [aStage({ checkpoint: { n: 1 } })], manifests: items(4) }))).toBe('copy')
  })

  it('is no progress, and no answer to a command, which has no checkpoints', () => {
    expect(durableIn(before, { ...before, percent: 50 })).toBe('')
    expect(durableIn(before, aTask({ manifests: items(3) }))).toBe('')
  })
})

describe('what an action will do', () => {
  const failed = aTask({
    task_status: 'failed',
    run: 1,
    stages: [aStage({ name: 'scan', state: 'completed' }), aStage({ checkpoint: 7, is_saved: true, progress: { done: 2, total: 4, unit: 'files', message: '', rate: 0 } })],
    manifests: items(12),
  })

  it('names what stays and where it goes on', () => {
    expect(sayFromCheckpoint(failed, 'en')).toMatchObject([
      { key: 'task.confirm.stays', values: { count: 1, stages: 'scan' } },
      { key: 'task.confirm.goes_on', values: { stage: 'copy' } },
    ])
    expect(keys(sayFromCheckpoint(aTask(), 'en'))).toEqual(['begins_again'])
    expect(keys(sayFromCheckpoint(aTask({ stages: [aStage({ state: 'completed' })] }), 'en'))).toEqual(['nothing_left'])
  })

  it('says what is repeated, of this run alone', () => {
    expect(sayFromStart(failed, HISTORY)[1]).toMatchObject({ values: { duration: { key: 'duration.min', values: { min: 10 } } } })
    expect(keys(sayFromStart(failed, HISTORY))).toEqual(['all_again', 'worked', 'lists_go'])
  })

  it('counts what is deleted', () => {
    expect(sayDelete(failed, HISTORY)).toMatchObject([
      { values: { count: 2 } },
      { key: 'task.confirm.delete_items_of', values: { count: 12, bytes: '12 KiB' } },
      {},
    ])
    expect(keys(sayDelete(aTask(), HISTORY))).toEqual(['delete_running', 'delete_what', 'delete_keeps'])
    expect(keys(sayCancel(aTask({ task_status: 'queued' })))).toEqual(['cancel_waiting'])
  })
})

describe('a search of the log', () => {
  it('has no answer before it has looked', () => {
    const news = { hits: 0, at: -1, lookedThrough: 0, isSearching: true, hasMore: false }
    expect(sayHits(news).key).toBe('task.log.searching')
    expect(sayHits({ ...news, isSearching: false }).key).toBe('task.log.hits')
    expect(sayHits({ ...news, hits: 3 }).key).toBe('task.log.hits')
  })
})

describe('the simple view', () => {
  it('says more than that it runs', () => {
    expect(saySimply(aTask(), 'moving').key).toBe('task.simple.state.running')
    expect(saySimply(aTask(), 'silent').key).toBe('task.simple.state.moving_over')
    const noExecutor = { key: 'waiting.no_executor', values: {} }
    expect(saySimply(aTask({ task_status: 'queued' }), 'none', noExecutor).key).toBe('task.simple.state.unserved')
    expect(saySimply(aTask({ requested: 'pause' }), 'moving').key).toBe('task.simple.state.pausing')
    expect(saySimply(aTask({ task_status: 'pending', waiting_for: 'retry' }), 'none').key).toBe('task.simple.state.retry')
  })

  it('tells the last five things that such a person wants to know', () => {
    const kinds = ['created', 'started', 'stage_finished', 'lost', 'continued', 'pause_requested', 'paused', 'resumed', 'updated']
    const events = kinds.map((kind, second) => ({ kind, time: new Date(second * 1000).toISOString() }) as TaskEvent)
    expect(simpleStory(events).map((event) => event.what.key.split('.').at(-1))).toEqual(['resumed', 'paused', 'continued', 'trouble', 'started'])
  })
})
