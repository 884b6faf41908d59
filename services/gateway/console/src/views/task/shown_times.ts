// The zoomed part of the time line, kept in the URL as `times=FROM-TO` in milliseconds.

import { computed } from 'vue'

import { useQueryText } from '@/ui/query'

export function useShownTimes() {
  const text = useQueryText('times')
  return computed({
    get: () => {
      const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text.value) ?? []
      return from && to && Number(from) < Number(to) ? { from: Number(from), to: Number(to) } : undefined
    },
    set: (times: { from: number; to: number } | undefined) => {
      text.value = times ? `${times.from}-${times.to}` : ''
    },
  })
}
