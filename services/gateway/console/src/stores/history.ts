// What happened to a task so far: its attempts and its story.

import { defineStore } from 'pinia'

import { answer, http, type Attempt, type TaskEvent } from '@/transport/http'

export interface TaskHistory {
  attempts: Attempt[]
  events: TaskEvent[]
}

export const useHistory = defineStore('history', () => {
  async function load(taskId: string): Promise<TaskHistory> {
    const path = { task_id: taskId }
    const [attempts, events] = await Promise.all([
      answer(http.GET('/api/v1/tasks/{task_id}/attempts', { params: { path } })),
      allEvents(taskId),
    ])
    return { attempts: attempts.attempts, events }
  }

  async function allEvents(taskId: string): Promise<TaskEvent[]> {
    const path = { task_id: taskId }
    const found: TaskEvent[] = []
    let pageToken = ''
    do {
      const query = { page_size: 1000, ...(pageToken ? { page_token: pageToken } : {}) }
      const page = await answer(http.GET('/api/v1/tasks/{task_id}/events', { params: { path, query } }))
      found.push(...page.events)
      pageToken = page.next_page_token
    } while (pageToken)
    return found
  }

  return { load }
})
