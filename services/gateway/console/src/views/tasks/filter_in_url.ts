// The filter of the page, kept in its URL.

import { computed } from 'vue'
import { useRoute } from 'vue-router'

import { useClock } from '@/stores/clock'
import { usePreferences } from '@/stores/preferences'
import { useQueryChange } from '@/ui/query'

import { filterOf, PARTS, queryOf, type Filter, type Part } from './task_filter'

export function useTaskFilter() {
  const route = useRoute()
  const clock = useClock()
  const preferences = usePreferences()

  const filter = computed(() => filterOf(route.query))
  // A change of the URL that leaves the filter as it is gives no new query.
  const written = computed(() => JSON.stringify(filter.value))
  const query = computed(() => queryOf(JSON.parse(written.value) as Filter, clock.exactly(), preferences.zone))
  const isFiltered = computed(() => PARTS.some((name) => filter.value[name].length))

  const set: (change: Partial<Filter>) => void = useQueryChange()

  function remove(part: Part, value: string): void {
    const now = filter.value[part]
    set({ [part]: Array.isArray(now) ? now.filter((one) => one !== value) : '' })
  }

  const clear = () => set(Object.fromEntries(PARTS.map((name) => [name, ''])) as Partial<Filter>)

  return { filter, query, isFiltered, set, remove, clear }
}
