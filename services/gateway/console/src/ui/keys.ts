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
        if (!preferences.hasKeys || event.isComposing || isTyping(event.target) || isUsed(event) || isDialogOpen()) return
        event.preventDefault()
        act()
      },
    ]),
  )
  onScopeDispose(tinykeys(window, guarded))
}

/** A combination with Ctrl or Cmd, which works in fields too and cannot be pressed by accident. */
export function useOpenKey(key: string, act: () => void): void {
  const guarded = (event: KeyboardEvent) => {
    if (isDialogOpen()) return
    event.preventDefault()
    act()
  }
  onScopeDispose(tinykeys(window, { [key]: guarded }))
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Whether the element that has the focus does something of its own by this key. */
function isUsed({ key, target }: KeyboardEvent): boolean {
  const users = key === 'Enter' ? 'a, button, summary' : key === ' ' ? 'button, summary, [role=button]' : ''
  return !!users && target instanceof Element && target.closest(users) !== null
}

function isDialogOpen(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null
}
