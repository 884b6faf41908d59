import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'

import type { Task } from '@/transport/http'

vi.stubGlobal('document', { hidden: false, querySelector: () => null })
const asked: Record<string, unknown>[] = []
let lookedBackTo: string | undefined
vi.mock('@/transport/http', () => ({
  http: { GET: (_: string, { params }: { params: { query: Record<string, unknown> } }) => asked.push(params.query) },
  answer: async () => ({ failures: [{ fingerprint: 'x', count: 9 }, { fingerprint: 'abc', count: 3 }], looked_back_to: lookedBackTo }),
}))
const { countedTasks } = await import('./failures')
const { useSameErrors } = await import('./same_errors')

it('the list of the tasks with the same error has those that were counted, and no earlier ones', async () => {
  setActivePinia(createPinia())
  const task = { task_type: 'backup', failure: { fingerprint: 'abc' } } as Task
  const week = await useSameErrors().count(task)
  expect(week).toEqual({ count: 3, since: asked[0]!['start_time'] })
  const list = countedTasks({ task_type: 'backup', fingerprint: 'abc', since: week!.since })
  expect(list).toEqual({ state: 'failed', type: 'backup', error_fingerprint: 'abc', submit_time_start: week!.since })
  lookedBackTo = '2026-06-15T12:00:00Z'
  expect((await useSameErrors().count(task))?.since).toBe(lookedBackTo)
})
