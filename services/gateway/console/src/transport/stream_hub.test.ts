import { beforeEach, describe, expect, it } from 'vitest'

import type { StreamReader } from './event_stream'
import { MOST_OPEN, StreamHub } from './stream_hub'
import type { FromWorker, ToWorker } from './stream_messages'

const TASK = '/api/v1/tasks/one/watch?view=full'
const LOG = '/api/v1/tasks/one/logs/tail'

interface Held {
  url: string
  reader: StreamReader
  isResting: boolean
  isClosed: boolean
}

describe('the streams of all tabs', () => {
  let now = 0
  let held: Held[] = []
  let hub: StreamHub

  beforeEach(() => {
    now = 1_000_000
    held = []
    hub = new StreamHub(
      (url, reader) => {
        const one: Held = { url, reader, isResting: false, isClosed: false }
        held.push(one)
        return {
          start: () => undefined,
          close: () => (one.isClosed = true),
          rest: (isResting) => (one.isResting = isResting),
        }
      },
      () => now,
    )
  })

  function aTab(...urls: string[]) {
    const heard: FromWorker[] = []
    const send = hub.join((message) => heard.push(message))
    const say = (message: ToWorker) => {
      now += 1
      send(message)
    }
    say({ kind: 'visibility', isVisible: true })
    urls.forEach((url, id) => say({ kind: 'open', id, url }))
    const messages = () => heard.flatMap((one) => (one.kind === 'message' ? [one.message] : []))
    return { say, heard, messages }
  }

  const working = () => held.filter((one) => !one.isResting && !one.isClosed).map((one) => one.url)

  it('read the same by one connection, and tell a tab that comes later how things are', () => {
    const first = aTab(TASK)
    held[0]!.reader.onPhase('open')
    held[0]!.reader.onMessage({ tasks: [{ task_id: 'one', percent: 1 }] })
    held[0]!.reader.onMessage({ tasks: [{ task_id: 'one', percent: 2 }] })
    const second = aTab(TASK)
    expect(held).toHaveLength(1)
    expect(second.heard).toEqual([
      { kind: 'message', id: 0, message: { tasks: [{ task_id: 'one', percent: 2 }] } },
      { kind: 'phase', id: 0, phase: 'open' },
    ])
    held[0]!.reader.onMessage({ tasks: [{ task_id: 'one', percent: 3 }] })
    expect([first, second].map((tab) => tab.messages().length)).toEqual([3, 2])
    first.say({ kind: 'bye' })
    expect(held[0]!.isClosed).toBe(false)
    second.say({ kind: 'close', id: 0 })
    expect(held[0]!.isClosed).toBe(true)
  })

  it('put the changes of a cluster together, and forget them when it is read anew', () => {
    aTab('/task/api/v1/cluster/watch')
    const { reader } = held[0]!
    reader.onMessage({ queues: { set: { a: 1, b: 1 } }, executors: { set: {}, problem: { reason: 'X' } } })
    reader.onMessage({ queues: { set: { c: 1 }, removed: ['a'] }, executors: { problem: null } })
    expect(aTab('/task/api/v1/cluster/watch').messages()).toEqual([
      { queues: { set: { b: 1, c: 1 } }, executors: { set: {}, problem: null } },
    ])
    reader.onPhase('lost')
    reader.onMessage({ queues: { set: { d: 1 } } })
    expect(aTab('/task/api/v1/cluster/watch').messages()).toEqual([{ queues: { set: { d: 1 } } }])
  })

  it('begin a log for each tab, since it begins with its first line', () => {
    aTab(LOG)
    aTab(LOG)
    expect(held).toHaveLength(2)
  })

  it('leave connections for requests, and the tab that is seen has its own', () => {
    const tabs = Array.from({ length: 10 }, (_, index) => aTab(`/api/v1/tasks/${index}/watch`, `/api/v1/tasks/${index}/logs/tail`))
    tabs.slice(0, 9).forEach((tab) => tab.say({ kind: 'visibility', isVisible: false }))
    expect(working()).toHaveLength(MOST_OPEN)
    expect(working()).toEqual(expect.arrayContaining(['/api/v1/tasks/9/watch', '/api/v1/tasks/9/logs/tail']))
    tabs[9]!.say({ kind: 'visibility', isVisible: false })
    tabs[3]!.say({ kind: 'visibility', isVisible: true })
    expect(working()).toEqual(expect.arrayContaining(['/api/v1/tasks/3/watch', '/api/v1/tasks/3/logs/tail']))
  })

  it('give the connections of hidden tabs back', () => {
    const tab = aTab(TASK)
    tab.say({ kind: 'visibility', isVisible: false })
    now += 29_000
    hub.beat()
    expect(working()).toEqual([TASK])
    now += 2_000
    hub.beat()
    expect(working()).toEqual([])
    tab.say({ kind: 'visibility', isVisible: true })
    expect(working()).toEqual([TASK])
  })

  it('are closed for a tab that crashed, which opens them again where it was only stopped', () => {
    const crashed = aTab(TASK)
    const alive = aTab('/api/v1/watch')
    for (let beats = 0; beats < 31; beats += 1) {
      alive.say({ kind: 'alive' })
      hub.beat()
    }
    expect(held.map((one) => one.isClosed)).toEqual([true, false])
    expect(crashed.heard.at(-1)).toEqual({ kind: 'dropped' })
    hub.beat()
    expect(crashed.heard.at(-1)).toEqual({ kind: 'dropped' })
  })

  it('outlast the sleep of the machine, in which no tab answered', () => {
    aTab(TASK)
    now += 3_600_000
    hub.beat()
    expect(working()).toEqual([TASK])
  })

  it('tell a tab nothing that is hidden for long, and how things are once it is seen', () => {
    const hidden = aTab(TASK)
    const seen = aTab(TASK)
    const { reader } = held[0]!
    reader.onPhase('open')
    hidden.say({ kind: 'visibility', isVisible: false })
    reader.onMessage({ tasks: [{ task_id: 'one', percent: 1 }] })
    now += 31_000
    hub.beat()
    const told = hidden.heard.length
    expect(hidden.heard.at(-1)).toEqual({ kind: 'phase', id: 0, phase: 'resting' })
    for (let percent = 2; percent < 100; percent += 1) {
      reader.onMessage({ tasks: [{ task_id: 'one', percent }] })
      reader.onHeartbeat?.(percent)
      seen.say({ kind: 'alive' })
      hub.beat()
    }
    expect(hidden.heard).toHaveLength(told)
    hidden.say({ kind: 'visibility', isVisible: true })
    expect(hidden.heard.slice(told)).toEqual([
      { kind: 'message', id: 0, message: { tasks: [{ task_id: 'one', percent: 99 }] } },
      { kind: 'phase', id: 0, phase: 'open' },
    ])
    reader.onMessage({ tasks: [{ task_id: 'one', percent: 100 }] })
    expect(hidden.messages()).toHaveLength(3)
  })

  it('say that changes are lost where a tab rested for more of them than are kept', () => {
    const tabs = [aTab('/api/v1/watch'), aTab('/api/v1/watch')]
    tabs[0]!.say({ kind: 'visibility', isVisible: false })
    now += 31_000
    hub.beat()
    held[0]!.reader.onMessage({ tasks: Array.from({ length: 1001 }, (_, index) => ({ task_id: `t${index}` })) })
    tabs[0]!.say({ kind: 'visibility', isVisible: true })
    expect(tabs[0]!.heard.filter((one) => one.kind === 'gap')).toHaveLength(1)
  })

  it('leave no line of a log out when its tab begins to rest', () => {
    const tab = aTab(LOG)
    tab.say({ kind: 'visibility', isVisible: false })
    now += 31_000
    hub.beat()
    held[0]!.reader.onMessage({ lines: ['on the way'] })
    expect([tab.messages().length, working()]).toEqual([1, []])
  })

  it('that have ended keep no other from a connection, and one without a connection says so', () => {
    const urls = Array.from({ length: MOST_OPEN }, (_, index) => `/api/v1/tasks/${index}/logs/tail`)
    const tab = aTab(...urls, LOG)
    expect(tab.heard).toEqual([{ kind: 'phase', id: MOST_OPEN, phase: 'resting' }])
    held.slice(0, MOST_OPEN).forEach((one) => one.reader.onPhase('ended'))
    hub.beat()
    expect(held.at(-1)).toMatchObject({ url: LOG, isResting: false })
    held.slice(0, MOST_OPEN).forEach((one) => (one.isClosed = true))
    expect(working()).toEqual([LOG])
  })

  it('send problems as data', async () => {
    const { Problem } = await import('./problem')
    const tab = aTab(TASK)
    held[0]!.reader.onRefused?.(new Problem({ status: 404, reason: 'TASK_NOT_FOUND', detail: 'no', request_id: 'r' }))
    expect(structuredClone(tab.heard.at(-1))).toMatchObject({ kind: 'refused', problem: { status: 404, reason: 'TASK_NOT_FOUND' } })
  })
})
