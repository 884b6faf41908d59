// The items of a list, in pages that are read as the reader scrolls. Only the pages last seen stay in memory: of the
// others their tokens are kept, by which they are read again. So the scroll bar stays true.

import { onScopeDispose, ref, shallowRef, type Ref } from 'vue'

import { type ItemQuery, useItems } from '@/stores/items'
import { useReread } from '@/stores/reread'
import type { ManifestItem } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

/** Items in memory at once. */
const MOST_ITEMS = 5000
/** So many are read at once, where there are as many. */
const ENOUGH = 100

/** A row of the list: an item, or the place of one that is not in memory. */
export interface ItemRow {
  key: string
  item?: ManifestItem
}

interface KeptPage {
  token: string
  /** Its first row. */
  start: number
  size: number
}

export function useItemPages(taskId: Ref<string>, query: Ref<ItemQuery>) {
  const items = useItems()
  const rows = shallowRef<ItemRow[]>([])
  const isLoading = ref(false)
  const problem = shallowRef<Problem>()
  /** The token behind the last page; empty at the end. */
  const next = ref('')
  /** Items that were looked through so far. */
  const lookedThrough = ref(0)
  let pages: KeptPage[] = []
  /** Pages in memory, the one last seen at the end. */
  let loaded: number[] = []
  let round = 0

  function load(): Promise<void> {
    round += 1
    pages = []
    loaded = []
    rows.value = []
    next.value = ''
    lookedThrough.value = 0
    return read('')
  }

  async function more(): Promise<void> {
    if (!isLoading.value && next.value) await read(next.value)
  }

  /** Reads on until there is something to scroll: one page may look through many items of which few are wanted. */
  async function read(from: string): Promise<void> {
    await guarded(async (mine) => {
      const enough = rows.value.length + ENOUGH
      for (let token = from; ; ) {
        const page = await items.page(taskId.value, query.value, token)
        if (mine !== round) return
        next.value = page.next_page_token
        lookedThrough.value += page.looked_through
        if (page.items.length) {
          loaded.push(pages.length)
          pages.push({ token, start: rows.value.length, size: page.items.length })
          rows.value.push(...page.items.map(rowOf))
          forget()
          show()
        }
        if (rows.value.length >= enough || !page.next_page_token) return
        token = page.next_page_token
      }
    })
  }

  /** Rows that are on the screen: pages of theirs that were let go are read again. */
  async function see(first: number, last: number): Promise<void> {
    const seen = pages.flatMap((page, index) => (page.start <= last && page.start + page.size > first ? [index] : []))
    loaded = [...loaded.filter((index) => !seen.includes(index)), ...loaded.filter((index) => seen.includes(index))]
    const missing = seen.find((index) => !loaded.includes(index))
    const page = missing === undefined ? undefined : pages[missing]
    if (!page || missing === undefined || isLoading.value) return
    await guarded(async (mine) => {
      const found = await items.page(taskId.value, query.value, page.token)
      if (mine !== round) return
      found.items.slice(0, page.size).forEach((item, index) => (rows.value[page.start + index] = rowOf(item)))
      loaded.push(missing)
      forget()
      show()
    })
  }

  /** Views see only another array as another value. */
  const show = () => (rows.value = [...rows.value])

  function forget(): void {
    let count = loaded.reduce((sum, index) => sum + pages[index]!.size, 0)
    while (count > MOST_ITEMS) {
      const { start, size } = pages[loaded.shift()!]!
      count -= size
      for (let at = start; at < start + size; at += 1) rows.value[at] = { key: rows.value[at]!.key }
    }
  }

  async function guarded(work: (mine: number) => Promise<void>): Promise<void> {
    const mine = round
    isLoading.value = true
    problem.value = undefined
    try {
      await work(mine)
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    } finally {
      if (mine === round) isLoading.value = false
    }
  }

  useReread(() => problem.value, () => rows.value.length || load())
  onScopeDispose(() => (round += 1))

  return { rows, isLoading, problem, lookedThrough, load, more, see }
}

export const rowOf = (item: ManifestItem): ItemRow => ({ key: String(item.position), item })
