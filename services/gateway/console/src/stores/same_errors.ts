// How many tasks stand at the same error: counted once, when somebody looks at one of them.

import { defineStore } from 'pinia'

import { answer, http, type Task } from '@/transport/http'

import { useClock } from './clock'
import { WEEK_MS } from './failures'

/** More groups than anybody has kinds of errors in one type. */
const MOST_GROUPS = 100

export interface SameErrors {
  count: number
  /** The time of submit from which on tasks are counted. */
  since: string
}

export const useSameErrors = defineStore('same_errors', () => {
  const clock = useClock()

  async function count({ failure, task_type }: Task): Promise<SameErrors | undefined> {
    if (!failure?.fingerprint) return undefined
    const start_time = new Date(clock.exactly() - WEEK_MS).toISOString()
    const query = { task_type, start_time, page_size: MOST_GROUPS }
    const { failures, looked_back_to } = await answer(http.GET('/api/v1/failures', { params: { query } }))
    const group = failures.find(({ fingerprint }) => fingerprint === failure.fingerprint)
    return group && { count: group.count, since: looked_back_to ?? start_time }
  }

  return { count }
})
