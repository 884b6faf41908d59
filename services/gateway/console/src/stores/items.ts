// The lists of items that a task keeps, in pages.

import { defineStore } from 'pinia'

import { answer, http, type ItemState, type Schemas } from '@/transport/http'

export interface ItemQuery {
  manifest: string
  states: ItemState[]
}

export const useItems = defineStore('items', () => {
  function page(taskId: string, query: ItemQuery, pageToken: string): Promise<Schemas['ListManifestItemsResponse']> {
    return answer(
      http.GET('/api/v1/tasks/{task_id}/items', {
        params: {
          path: { task_id: taskId },
          query: {
            page_size: 500,
            ...(query.manifest ? { manifest: query.manifest } : {}),
            ...(query.states.length ? { state: query.states } : {}),
            ...(pageToken ? { page_token: pageToken } : {}),
          },
        },
      }),
    )
  }

  return { page }
})
