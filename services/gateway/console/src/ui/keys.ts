// Keyboard shortcuts: only while no field has the focus and no dialog is open, and only if the reader wants them.

import { onScopeDispose } from 'vue'
import { tinykeys } from 'tinykeys'

import { usePreferences } from '@/stores/preferences'

export function useKeys(keys: Record<string, () => void>): void {
  const preferences = usePreferences()
  const guarded = Object.fromEntries(
    Object.entries(keys).map(([key, act]) => [
      key,
      (event: KeyboardEvent) => {
        if (!preferences.hasKeys || event.isComposing || isTyping(event.target) || isDialogOpen()) return
        event.preventDefault()
        act()
      },
    ]),
  )
  onScopeDispose(tinykeys(window, guarded))
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function isDialogOpen(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null
}
