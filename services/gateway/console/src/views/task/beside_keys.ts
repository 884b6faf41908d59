// `[` and `]` open the tasks before and after this one in the list that was looked at last.

import type { Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { useLastList } from '@/stores/last_list'
import { useKeys } from '@/ui/keys'

export function useBesideKeys(id: Ref<string>): void {
  const route = useRoute()
  const router = useRouter()
  const list = useLastList()

  function go(step: 1 | -1): void {
    const next = list.beside(id.value, step)
    // The tab stays; a stage belongs to one task.
    if (next) void router.replace({ name: 'task', params: { id: next }, query: route.query['tab'] ? { tab: route.query['tab'] } : {} })
  }

  useKeys({ '[': () => go(-1), ']': () => go(1) })
}
