// The one document that the form and the JSON editor are two views of. Fields find it by injection.

import { computed, inject, provide, shallowRef, type InjectionKey, type Ref } from 'vue'

import type { Path } from '@/schema/fields'
import { mistakeIn, textAt, valueAt, withText, withValue } from '@/schema/json_text'
import { pathText } from '@/schema/violations'

export type ConfigDocument = ReturnType<typeof provideDocument>

const KEY: InjectionKey<ConfigDocument> = Symbol('config document')

/** What is wrong with the fields that the reader has left, before anything is sent. */
export interface Checks {
  leave(path: Path): void
  against(path: Path): string[]
}

export function provideDocument(text: Ref<string>, checks: Checks) {
  const mistake = computed(() => mistakeIn(text.value))
  /** What the server, or the form before it, says against fields; by their paths as text. */
  const errors = shallowRef(new Map<string, string[]>())

  function change(path: Path, changed: string): void {
    text.value = changed
    const name = pathText(path)
    if (errors.value.has(name)) errors.value = new Map([...errors.value].filter(([one]) => one !== name))
  }

  const document = {
    text,
    mistake,
    errors,
    value: (path: Path) => valueAt(text.value, path),
    written: (path: Path) => textAt(text.value, path),
    set: (path: Path, value: unknown) => change(path, withValue(text.value, path, value)),
    write: (path: Path, json: string) => change(path, withText(text.value, path, json)),
    errorsOf: (path: Path) => errors.value.get(pathText(path)) ?? checks.against(path),
    leave: checks.leave,
  }
  provide(KEY, document)
  return document
}

export function useDocument(): ConfigDocument {
  const document = inject(KEY)
  if (!document) throw new Error('a field stands outside of a form')
  return document
}

export const fieldId = (name: string) => `field-${name.replace(/[^\w.-]/g, '_')}`
