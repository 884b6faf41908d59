// Errors of items by their kind: the same sentence with other paths and numbers is the same error.

import type { ManifestItem } from '@/transport/http'

export interface ErrorGroup {
  /** The sentence without what differs. */
  kind: string
  /** The sentence of the first item. */
  example: string
  size: number
  items: ManifestItem[]
}

/** Texts in quotes, paths, ids and numbers differ from item to item. */
const VARIES = /"[^"]*"|'[^']*'|(?:\/[^\s/:,;()]+)+\/?|\b[0-9a-f]{6,}\b|\d+(?:\.\d+)?/gi

export const kindOf = (error: string): string => error.replace(VARIES, '…').replace(/…+/g, '…').trim()

/** The largest groups first. */
export function grouped(items: ManifestItem[]): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>()
  for (const item of items) {
    const kind = kindOf(item.error)
    const group = groups.get(kind)
    if (!group) groups.set(kind, { kind, example: item.error, size: item.size, items: [item] })
    else {
      group.size += item.size
      group.items.push(item)
    }
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length || a.kind.localeCompare(b.kind))
}
