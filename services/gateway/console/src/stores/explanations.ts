// Why a task does not run now, by the rules that hand tasks out.

import { defineStore } from 'pinia'

import { answer, http, type Explanation } from '@/transport/http'

export const useExplanations = defineStore('explanations', () => ({
  load: (taskId: string): Promise<Explanation> =>
    answer(http.GET('/api/v1/tasks/{task_id}/explanation', { params: { path: { task_id: taskId } } })),
}))
