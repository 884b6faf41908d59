// A part of the page's state that lives in its URL: filters, tabs, what is selected.

import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** One value; empty when the URL has none. Changing it does not add a step to the history. */
export function useQueryText(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => textOf(route.query[name]),
    set: (value) => void router.replace({ query: { ...route.query, [name]: value || undefined }, hash: route.hash }),
  })
}

/** Several values of one name. */
export function useQueryList(name: string): WritableComputedRef<string[]> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => listOf(route.query[name]),
    set: (values) => void router.replace({ query: { ...route.query, [name]: values.length ? values : undefined } }),
  })
}

type QueryValue = string | null | undefined | (string | null)[]

function listOf(value: QueryValue): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => !!one)
}

function textOf(value: QueryValue): string {
  return listOf(value)[0] ?? ''
}
