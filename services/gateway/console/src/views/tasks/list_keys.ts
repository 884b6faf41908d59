// The list by the keyboard: walk, choose, look.

import type { Ref } from 'vue'

import { useKeys } from '@/ui/keys'

import type { useSelection } from './selection'

interface ListKeys {
  selection: ReturnType<typeof useSelection>
  isPeeking: Ref<boolean>
  focusRow(index: number): void
}

export function useListKeys({ selection, isPeeking, focusRow }: ListKeys): void {
  const choose = (isRange: boolean) => {
    if (selection.active.value) selection.toggle(selection.active.value, isRange)
  }
  const back = () => {
    if (isPeeking.value) isPeeking.value = false
    else selection.clear()
  }
  useKeys({
    j: () => focusRow(selection.step(1)),
    k: () => focusRow(selection.step(-1)),
    x: () => choose(false),
    'Shift+X': () => choose(true),
    Space: () => (isPeeking.value = !isPeeking.value && !!selection.active.value),
    Escape: back,
  })
}
