// The filter of the page, kept in its URL.

import { computed } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

import { useClock } from '@/stores/clock'
import { usePreferences } from '@/stores/preferences'

import { filterOf, PARTS, queryOf, urlOf, type Filter, type Part } from './task_filter'

export function useTaskFilter() {
  const route = useRoute()
  const router = useRouter()
  const clock = useClock()
  const preferences = usePreferences()

  const filter = computed(() => filterOf(route.query))
  // A change of the URL that leaves the filter as it is gives no new query.
  const written = computed(() => JSON.stringify(filter.value))
  const query = computed(() => queryOf(JSON.parse(written.value) as Filter, clock.exactly(), preferences.zone))
  const isFiltered = computed(() => PARTS.some((name) => filter.value[name].length))

  function set(change: Partial<Filter>): void {
    const kept = Object.entries(route.query).filter(([name]) => !(PARTS as readonly string[]).includes(name))
    const query: LocationQueryRaw = { ...Object.fromEntries(kept), ...urlOf({ ...filter.value, ...change }) }
    void router.replace({ query })
  }

  function remove(part: Part, value: string): void {
    const now = filter.value[part]
    set({ [part]: Array.isArray(now) ? now.filter((one) => one !== value) : '' })
  }

  const clear = () => set(Object.fromEntries(PARTS.map((name) => [name, ''])) as Partial<Filter>)

  return { filter, query, isFiltered, set, remove, clear }
}
