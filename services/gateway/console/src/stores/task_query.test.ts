import { describe, expect, it } from 'vitest'

import type { Overview, Task } from '@/transport/http'

import { exactCount, matches, restQuery } from './task_query'

const task = {
  task_id: '01a22d00-836b-7393-acbc-5e875893e4b3',
  task_type: 'Backup',
  task_status: 'failed',
  queue: 'night',
  labels: { team: 'Photos' },
  submit_time: '2026-06-15T12:00:00Z',
  failure: { fingerprint: 'abc' },
} as unknown as Task

describe('a task belongs into a list', () => {
  it('if every condition holds', () => {
    expect(matches(task, { states: ['failed'], types: ['Backup'], queue: 'night', labels: ['team=Photos'], fingerprint: 'abc' })).toBe(true)
    for (const query of [{ states: ['running' as const] }, { types: ['x'] }, { queue: 'day' }, { labels: ['team=Photos', 'a=b'] }, { fingerprint: 'x' }]) {
      expect([query, matches(task, query)]).toEqual([query, false])
    }
  })

  it('by its time of submit, whose end is not part of it', () => {
    expect(matches(task, { since: '2026-06-15T12:00:00Z', until: '2026-06-15T12:00:01Z' })).toBe(true)
    expect(matches(task, { until: '2026-06-15T12:00:00Z' })).toBe(false)
  })

  it('by a text in its id, type or labels, without regard to the case of A to Z', () => {
    for (const text of ['BACK', 'photo', 'team=photos', task.task_id]) expect([text, matches(task, { text })]).toEqual([text, true])
    for (const text of ['night', 'team=photo', '5e875893']) expect([text, matches(task, { text })]).toEqual([text, false])
  })

  it('until it is deleted', () => expect(matches({ ...task, deleted: true }, {})).toBe(false))
})

describe('the count of a list', () => {
  const states = { pending: 1, queued: 2, running: 3, paused: 0, completed: 10, failed: 4, cancelled: 0 }
  const overview = { states, types: [{ task_type: 'a', states: { ...states, failed: 1 } }], uncounted_types: 0 } as unknown as Overview

  it('is exact by state and type', () => {
    expect(exactCount({}, overview)).toBe(20)
    expect(exactCount({ states: ['failed', 'running'] }, overview)).toBe(7)
    expect(exactCount({ states: ['failed'], types: ['a'] }, overview)).toBe(1)
    expect(exactCount({ types: ['unknown'] }, overview)).toBe(0)
  })

  it('is unknown by other conditions, and while tasks are still being counted', () => {
    expect(exactCount({ queue: 'night' }, overview)).toBeUndefined()
    expect(exactCount({}, { ...overview, uncounted_types: 1 })).toBeUndefined()
    expect(exactCount({}, undefined)).toBeUndefined()
  })
})

describe('a query', () => {
  it('asks only for what is set', () => {
    expect(restQuery({ states: [], text: '', queue: 'night', labels: ['a=b'] })).toEqual({ queue: 'night', label: ['a=b'] })
  })
})
