// What a search on the server finds among the items of a list, as it is found.

import { onScopeDispose, ref, shallowRef, type Ref } from 'vue'

import { type ItemQuery, useItems } from '@/stores/items'
import type { Problem } from '@/transport/problem'

import { type ItemRow, rowOf } from './item_pages'

export function useItemSearch(taskId: Ref<string>) {
  const items = useItems()
  const rows = shallowRef<ItemRow[]>([])
  const lookedThrough = ref(0)
  const isSearching = ref(false)
  /** The search ended at the most hits that one may have. */
  const hasMore = ref(false)
  const problem = shallowRef<Problem>()
  let stop = () => {}

  function begin(query: ItemQuery, text: string): void {
    end()
    rows.value = []
    lookedThrough.value = 0
    hasMore.value = false
    problem.value = undefined
    isSearching.value = true
    stop = items.search(taskId.value, query, text, {
      onStep: (step) => {
        if (step.hits.length) rows.value = [...rows.value, ...step.hits.map((hit) => rowOf(hit.item!))]
        lookedThrough.value = step.looked_through
        hasMore.value = step.has_more
      },
      onEnd: () => (isSearching.value = false),
      onRefused: (refused) => (problem.value = refused),
    })
  }

  function end(): void {
    stop()
    isSearching.value = false
  }

  onScopeDispose(end)

  return { rows, lookedThrough, isSearching, hasMore, problem, begin, end }
}
