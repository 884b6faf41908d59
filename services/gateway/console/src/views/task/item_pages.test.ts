import { effectScope, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'

import type { ManifestItem } from '@/transport/http'

import { useItemPages } from './item_pages'

const SIZE = 500
const PAGES = 20
const asked: string[] = []

vi.mock('@/stores/items', () => ({
  useItems: () => ({
    page: (_: string, __: unknown, token: string) => {
      asked.push(token)
      const number = Number(token || 0)
      const items = Array.from({ length: SIZE }, (_, index) => ({ position: number * SIZE + index }) as ManifestItem)
      const next_page_token = number + 1 < PAGES ? `${number + 1}` : ''
      return Promise.resolve({ items, summaries: [], next_page_token, looked_through: SIZE })
    },
  }),
}))

function opened() {
  const list = effectScope().run(() => useItemPages(ref('id'), ref({ manifest: '', states: [] })))!
  return list
}

describe('a list of items', () => {
  it('is read page by page to its end, each time as another array', async () => {
    const list = opened()
    await list.load()
    const before = list.rows.value
    await list.more()
    expect(list.rows.value).not.toBe(before)
    for (let page = 0; page < PAGES; page += 1) await list.more()
    expect(list.rows.value.map((row) => row.key)).toEqual(Array.from({ length: PAGES * SIZE }, (_, index) => `${index}`))
  })

  it('keeps a bounded part in memory, and reads what was let go again where it is seen', async () => {
    const list = opened()
    await list.load()
    for (let page = 0; page < PAGES; page += 1) await list.more()
    const inMemory = () => list.rows.value.filter((row) => row.item).length
    expect(inMemory()).toBe(5000)
    expect(list.rows.value[3]?.item).toBeUndefined()
    asked.length = 0
    await list.see(0, 30)
    expect(asked).toEqual([''])
    expect(list.rows.value[3]?.item?.position).toBe(3)
    expect(inMemory()).toBe(5000)
    await list.see(0, 30)
    expect(asked).toEqual([''])
  })
})
