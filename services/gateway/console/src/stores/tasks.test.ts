import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Task } from '@/transport/http'
import type { StreamReader } from '@/transport/live_events'

const page = { hidden: false }
const frames: (() => void)[] = []
vi.stubGlobal('document', page)
vi.stubGlobal('requestAnimationFrame', (then: () => void) => frames.push(then))
vi.stubGlobal('cancelAnimationFrame', (number: number) => void (frames[number - 1] = () => {}))

const streams: StreamReader[] = []
vi.mock('@/transport/live_events', () => ({
  readEvents: (_: () => string, reader: StreamReader) => {
    streams.push(reader)
    return () => {}
  },
}))
const answers = { tasks: [] as Task[], isAway: false, asked: 0 }
vi.mock('@/transport/http', () => ({
  http: { GET: () => undefined },
  answer: async () => {
    answers.asked += 1
    if (answers.isAway) throw new Error('the gateway is away')
    return { tasks: answers.tasks, next_page_token: '' }
  },
}))
const { MOST_OTHERS } = await import('./kept_tasks')
const { useRunningTasks } = await import('./running_tasks')
const { useTasks } = await import('./tasks')

const aTask = (number: number, given: Partial<Task> = {}) =>
  ({ task_id: `task-${String(number).padStart(9, '0')}`, version: 1, task_status: 'running', percent: 0, stages: [], ...given }) as unknown as Task
const draw = () => frames.splice(0).forEach((frame) => frame())

beforeEach(() => {
  setActivePinia(createPinia())
  streams.length = frames.length = 0
  page.hidden = false
  Object.assign(answers, { tasks: [], isAway: false, asked: 0 })
})

describe('a page that a busy cluster tells of 100,000 tasks', () => {
  it('keeps what it shows, and little else', () => {
    const tasks = useTasks()
    const running = useRunningTasks()
    const stop = running.watch(true)
    const [stream] = streams
    stream!.onMessage({ tasks: [aTask(1), aTask(200_000)] })
    draw()
    for (let first = 2; first < 100_000; first += 100) {
      const begun = Array.from({ length: 100 }, (_, index) => aTask(first + index))
      stream!.onMessage({ tasks: begun })
      draw()
      stream!.onMessage({ tasks: begun.map((task) => ({ ...task, percent: 50 })) })
      draw()
      const end_time = '2026-06-15T12:00:00Z'
      stream!.onMessage({ tasks: begun.map((task) => ({ ...task, version: 2, task_status: 'completed', end_time }) as Task) })
      draw()
    }
    const most = 2 * MOST_OTHERS + 600
    expect(tasks.byId.size).toBeLessThan(most)
    expect(tasks.movedAt.size).toBeLessThan(most)
    expect(running.all.map((task) => task.task_id)).toEqual([aTask(1).task_id, aTask(200_000).task_id])
    expect(running.ended).toHaveLength(50)
    stop()
  })

  it('shows the newest of those that run, in steady places', () => {
    const running = useRunningTasks()
    const stop = running.watch()
    const all = Array.from({ length: 5000 }, (_, index) => aTask(index))
    for (const percent of [1, 2]) {
      streams[0]!.onMessage({ tasks: all.map((task) => ({ ...task, percent })) })
      draw()
      expect(running.all.length).toBeLessThanOrEqual(550)
      expect(running.all).toContainEqual({ ...all.at(-1), percent })
    }
    const before = running.all.map((task) => task.task_id)
    streams[0]!.onMessage({ tasks: all.slice(0, 1000).map((task) => ({ ...task, percent: 3 })) })
    draw()
    expect(running.all.map((task) => task.task_id)).toEqual(before)
    stop()
  })

  it('applies changes also while nobody sees it, where there are no frames', () => {
    const tasks = useTasks()
    page.hidden = true
    const stop = tasks.watchMany({}, {})
    for (let number = 0; number < 100_000; number += 1) streams[0]!.onMessage({ tasks: [aTask(number)] })
    expect(tasks.byId.size).toBeLessThan(2 * MOST_OTHERS + 1)
    expect(tasks.byId.has(aTask(99_999).task_id)).toBe(true)
    stop()
  })
})

describe('a list of tasks with its stream', () => {
  it('is read when the stream begins, and after a gap once it has begun again', () => {
    const onBegin = vi.fn()
    useTasks().watchMany({}, { onBegin })
    const [stream] = streams
    stream!.onPhase('open')
    stream!.onPhase('lost')
    stream!.onPhase('open')
    expect(onBegin).toHaveBeenCalledTimes(1)
    stream!.onGap?.()
    stream!.onPhase('lost')
    expect(onBegin).toHaveBeenCalledTimes(1)
    stream!.onPhase('open')
    expect(onBegin).toHaveBeenCalledTimes(2)
  })

  it('is read again where it could not be read', async () => {
    vi.useFakeTimers()
    const running = useRunningTasks()
    const stop = running.watch()
    answers.isAway = true
    streams[0]!.onPhase('open')
    await vi.advanceTimersByTimeAsync(0)
    expect([running.problem?.reason, running.isLoaded]).toEqual(['NO_GATEWAY', false])
    answers.isAway = false
    answers.tasks = [aTask(7)]
    await vi.advanceTimersByTimeAsync(3000)
    expect([running.problem, running.all.length]).toEqual([undefined, 1])
    stop()
    const { asked } = answers
    await vi.advanceTimersByTimeAsync(60_000)
    expect(answers.asked).toBe(asked)
    vi.useRealTimers()
  })
})
