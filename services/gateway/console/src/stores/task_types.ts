// The task types of the cluster, for filters and search.

import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

import { answer, http, type TaskType } from '@/transport/http'

export const useTaskTypes = defineStore('task_types', () => {
  const all = shallowRef<TaskType[]>([])
  const isLoaded = ref(false)

  async function load(): Promise<void> {
    const found: TaskType[] = []
    let pageToken = ''
    do {
      const query = { page_size: 1000, ...(pageToken ? { page_token: pageToken } : {}) }
      const page = await answer(http.GET('/api/v1/task_types', { params: { query } }))
      found.push(...page.task_types)
      pageToken = page.next_page_token
    } while (pageToken)
    all.value = found
    isLoaded.value = true
  }

  return { all, isLoaded, load }
})
