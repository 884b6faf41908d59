// Which rows are chosen, and which one the keys act on.

import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import type { TaskQuery } from '@/stores/task_query'

export function useSelection(ids: Ref<readonly string[]>, query: Ref<TaskQuery>) {
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const active = ref('')
  let anchor = ''

  /** Chooses a row or lets go of it; with `isRange` all rows from the one before it to this one. */
  function toggle(id: string, isRange = false): void {
    const wanted = new Set(chosen.value)
    const [from, to] = [ids.value.indexOf(anchor), ids.value.indexOf(id)].sort((a, b) => a - b) as [number, number]
    if (isRange && from >= 0) ids.value.slice(from, to + 1).forEach((one) => wanted.add(one))
    else if (!wanted.delete(id)) wanted.add(id)
    anchor = id
    chosen.value = wanted
  }

  const isAll = computed(() => ids.value.length > 0 && ids.value.every((id) => chosen.value.has(id)))
  const toggleAll = () => (chosen.value = new Set(isAll.value ? [] : ids.value))
  const clear = () => (chosen.value = new Set())

  /** The index of the row that many rows further, inside the list. */
  function step(by: number): number {
    const now = ids.value.indexOf(active.value)
    const next = now < 0 ? 0 : Math.max(0, Math.min(ids.value.length - 1, now + by))
    active.value = ids.value[next] ?? ''
    return next
  }

  // What is not on the page any more is not acted on.
  watch(ids, (now, before) => {
    const left = new Set(now)
    if (before.some((id) => !left.has(id))) chosen.value = new Set([...chosen.value].filter((id) => left.has(id)))
  })
  watch(query, clear)

  return { chosen, active, isAll, toggle, toggleAll, clear, step }
}
