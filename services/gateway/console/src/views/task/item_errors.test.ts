import { describe, expect, it } from 'vitest'

import type { ManifestItem } from '@/transport/http'

import { grouped, kindOf } from './item_errors'

const item = (position: number, error: string) => ({ position, key: `f${position}`, size: 10, error }) as ManifestItem

describe('errors of items', () => {
  it.each([
    ['Permission denied: /volume1/a.jpg', 'Permission denied: /volume2/über uns/b.png'],
    ['checksum differs: expected 9f86d081, got 60303ae2', 'checksum differs: expected 2c26b46b, got fcde2b2e'],
    ["no space left for 'a b'", "no space left for 'c'"],
    ['timed out after 3.5 s', 'timed out after 12 s'],
  ])('of one kind are alike: %s', (one, other) => {
    expect(kindOf(one).split(' ')[0]).toBe(kindOf(other).split(' ')[0])
    expect(grouped([item(1, one.replace('über uns', 'x')), item(2, other.replace('über uns', 'x'))])).toHaveLength(1)
  })

  it('of other kinds are not, and the most frequent kind comes first', () => {
    const groups = grouped([item(1, 'gone'), item(2, 'denied: /a'), item(3, 'denied: /b'), item(4, '')])
    expect(groups.map(({ kind, items, size }) => [kind, items.length, size])).toEqual([
      ['denied: …', 2, 20],
      ['', 1, 10],
      ['gone', 1, 10],
    ])
    expect(groups[0]?.example).toBe('denied: /a')
  })
})
