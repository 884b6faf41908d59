// How many tasks stand at the same error: counted once, when somebody looks at one of them.

import { defineStore } from 'pinia'

import { answer, http, type Task } from '@/transport/http'

/** More groups than anybody has kinds of errors in one type. */
const MOST_GROUPS = 100

export const useSameErrors = defineStore('same_errors', () => {
  /** 0 where it is not known. */
  async function count(task: Task): Promise<number> {
    const { failure, task_type } = task
    if (!failure?.fingerprint) return 0
    const query = { task_type, page_size: MOST_GROUPS }
    const { failures } = await answer(http.GET('/api/v1/failures', { params: { query } }))
    return failures.find((group) => group.fingerprint === failure.fingerprint)?.count ?? 0
  }

  return { count }
})
