// The lists of items that a task keeps: pages in order, and searches on the server.

import { defineStore } from 'pinia'

import { readEvents } from '@/transport/event_stream'
import { answer, http, type ItemState, type Schemas } from '@/transport/http'

import { resumed, type SearchReader } from './log'

export interface ItemQuery {
  manifest: string
  states: ItemState[]
}

export type ItemPage = Schemas['ListManifestItemsResponse']
export type ItemSearchStep = Schemas['SearchManifestItemsResponse']

const PAGE = 500

export const useItems = defineStore('items', () => {
  function page(taskId: string, query: ItemQuery, pageToken: string): Promise<ItemPage> {
    return answer(
      http.GET('/api/v1/tasks/{task_id}/items', {
        params: {
          path: { task_id: taskId },
          query: {
            page_size: PAGE,
            ...(query.manifest ? { manifest: query.manifest } : {}),
            ...(query.states.length ? { state: query.states } : {}),
            ...(pageToken ? { page_token: pageToken } : {}),
          },
        },
      }),
    )
  }

  /** Searches by key and states until the end, or until the returned function is called. */
  function search(taskId: string, query: ItemQuery, text: string, reader: SearchReader<ItemSearchStep>): () => void {
    let token = ''
    const path = () => {
      const asked = new URLSearchParams({ manifest: query.manifest, text, ...resumed(token) })
      query.states.forEach((state) => asked.append('state', state))
      return `/api/v1/tasks/${encodeURIComponent(taskId)}/items/search?${asked}`
    }
    return readEvents(path, {
      onMessage: (message) => {
        const step = message as ItemSearchStep
        token = step.resume_token || token
        reader.onStep(step)
      },
      onPhase: (phase) => {
        if (phase === 'ended') reader.onEnd()
      },
      onRefused: reader.onRefused,
    })
  }

  return { page, search }
})
