// The items that are shown of one list: loaded in pages as the reader scrolls.

import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import { type ItemQuery, useItems } from '@/stores/items'
import type { ManifestItem } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

export function useItemList(taskId: Ref<string>, query: Ref<ItemQuery>) {
  const items = useItems()
  const rows = shallowRef<ManifestItem[]>([])
  const isLoading = ref(false)
  const problem = shallowRef<Problem>()
  const next = ref('')
  let round = 0

  async function read(pageToken: string): Promise<void> {
    const mine = round
    isLoading.value = true
    problem.value = undefined
    try {
      const page = await items.page(taskId.value, query.value, pageToken)
      if (mine !== round) return
      rows.value = pageToken ? [...rows.value, ...page.items] : page.items
      next.value = page.next_page_token
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    } finally {
      if (mine === round) isLoading.value = false
    }
  }

  function load(): Promise<void> {
    round += 1
    next.value = ''
    return read('')
  }

  async function more(): Promise<void> {
    if (!isLoading.value && next.value) await read(next.value)
  }

  watch([taskId, query], load, { immediate: true })

  return { rows, isLoading, problem, hasMore: computed(() => !!next.value), load, more }
}
