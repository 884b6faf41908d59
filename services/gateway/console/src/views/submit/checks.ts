// What the schema says against the fields that the reader has left, before anything is sent.

import { computed, shallowRef, type Ref } from 'vue'

import { useSay } from '@/i18n/say'
import { faultsIn, type Fault } from '@/schema/faults'
import type { Field, Path } from '@/schema/fields'
import { valueAt } from '@/schema/json_text'
import { pathText, sortViolations } from '@/schema/violations'
import { describedPattern, isSchema } from '@/schema/words'
import { usePreferences } from '@/stores/preferences'

const SAID = ['enum', 'const', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'pattern', 'format', 'minItems', 'maxItems', 'uniqueItems']
const TYPES = ['integer', 'number', 'string', 'boolean', 'array', 'object']

export function useChecks(schema: Ref<unknown>, fields: Ref<readonly Field[] | undefined>, text: Ref<string>) {
  const say = useSay()
  const preferences = usePreferences()
  const left = shallowRef<ReadonlySet<string>>(new Set())

  const faults = computed(() => {
    const wanted = schema.value
    if (!left.value.size || !isSchema(wanted) || !fields.value) return new Map<string, string[]>()
    const found = faultsIn(wanted, valueAt(text.value, []))
    return sortViolations(found.map((fault) => ({ field: fault.field, description: worded(fault) })), fields.value, []).byField
  })

  function worded({ keyword, wanted, part }: Fault): string {
    const described = keyword === 'pattern' ? describedPattern(part, preferences.language) : ''
    if (described) return say.t('submit.check.described', { what: described })
    if (keyword === 'type' && TYPES.includes(String(wanted))) return say.t(`submit.check.type_${String(wanted)}`)
    const limit = Array.isArray(wanted) ? wanted.map((one) => JSON.stringify(one)).join(', ') : typeof wanted === 'string' ? wanted : JSON.stringify(wanted)
    return SAID.includes(keyword) ? say.t(`submit.check.${keyword}`, { limit: limit ?? '' }) : say.t('submit.check.other')
  }

  return {
    /** The reader has left a field, so from now on it says what is wrong with it. */
    leave: (path: Path) => (left.value = new Set([...left.value, pathText(path)])),
    forget: () => (left.value = new Set()),
    against: (path: Path) => (left.value.has(pathText(path)) ? (faults.value.get(pathText(path)) ?? []) : []),
  }
}
