// Executors, as they were when they were last asked for.

import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

import { answer, http, type Executor } from '@/transport/http'

export const useExecutors = defineStore('executors', () => {
  const byId = shallowReactive(new Map<string, Executor>())

  async function load(executorId: string): Promise<Executor> {
    const path = { executor_id: executorId }
    const executor = await answer(http.GET('/api/v1/executors/{executor_id}', { params: { path } }))
    byId.set(executorId, executor)
    return executor
  }

  return { byId, load }
})
