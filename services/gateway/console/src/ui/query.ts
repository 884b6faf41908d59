// A part of the page's state that lives in its URL: filters, tabs, what is selected.

import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type Router } from 'vue-router'

type QueryChange = Record<string, string | string[] | undefined>

/** By router, what the present turn has changed. */
const changes = new WeakMap<Router, QueryChange>()

/** What is returned changes parts of the URL; an empty value takes a part away. It adds no step to the history. */
export function useQueryChange(): (change: QueryChange) => void {
  const router = useRouter()
  return (change) => {
    const known = changes.get(router)
    if (known) return void Object.assign(known, change)
    const all = { ...change }
    changes.set(router, all)
    // All changes of a turn go together: a second one that began with the URL as it still is would undo the first.
    queueMicrotask(() => {
      changes.delete(router)
      const { query, hash } = router.currentRoute.value
      const given = Object.entries(all).map(([name, value]) => [name, value?.length ? value : undefined])
      void router.replace({ query: { ...query, ...Object.fromEntries(given) }, hash })
    })
  }
}

/** One value; empty when the URL has none. */
export function useQueryText(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const change = useQueryChange()
  return computed({
    get: () => textOf(route.query[name]),
    set: (value) => change({ [name]: value }),
  })
}

/** Several values of one name. */
export function useQueryList(name: string): WritableComputedRef<string[]> {
  const route = useRoute()
  const change = useQueryChange()
  return computed({
    get: () => listOf(route.query[name]),
    set: (values) => change({ [name]: values }),
  })
}

type QueryValue = string | null | undefined | (string | null)[]

function listOf(value: QueryValue): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => !!one)
}

function textOf(value: QueryValue): string {
  return listOf(value)[0] ?? ''
}
