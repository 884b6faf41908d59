// The types used last come first, then the others by name.

import type { TaskType } from '@/transport/http'

export function inOrderOfUse(types: readonly TaskType[], lastNames: readonly string[]): TaskType[] {
  const place = (type: TaskType) => (lastNames.includes(type.name) ? lastNames.indexOf(type.name) : lastNames.length)
  return [...types].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name))
}
