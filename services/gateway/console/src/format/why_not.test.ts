import { describe, expect, it } from 'vitest'

import type { Command, Task } from '@/transport/http'

import { COMMANDS, sayWhyNot, sortByCommand } from './why_not'

const possible = (given: Partial<Task>): Command[] =>
  COMMANDS.filter((command) => !sayWhyNot({ task_status: 'running', ...given } as Task, command))

describe('a command makes sense', () => {
  it('by the state of the task', () => {
    expect(possible({ task_status: 'queued' })).toEqual(['pause', 'cancel', 'delete'])
    expect(possible({ task_status: 'paused' })).toEqual(['resume', 'cancel', 'delete'])
    expect(possible({ task_status: 'failed' })).toEqual(['restart', 'delete'])
  })

  it('by what was asked for already', () => {
    expect(possible({ requested: 'pause' })).toEqual(['resume', 'cancel', 'delete'])
    expect(possible({ requested: 'cancel' })).toEqual(['delete'])
    expect(possible({ task_status: 'completed', deleted: true })).toEqual([])
  })
})

describe('a command for many tasks', () => {
  it('leaves out those that it makes no sense for', () => {
    const of = (id: string, task_status: string) => ({ task_id: id, task_status }) as Task
    const { wanted, skipped } = sortByCommand([of('a', 'running'), of('b', 'failed'), of('c', 'paused'), of('d', 'paused')], 'pause')
    expect(wanted.map((task) => task.task_id)).toEqual(['a'])
    expect(skipped.map(({ key, values }) => [key, values['count']])).toEqual([
      ['tasks.why_not.ended', 1],
      ['tasks.why_not.paused', 2],
    ])
  })
})
