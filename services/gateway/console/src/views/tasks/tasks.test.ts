import { ref } from 'vue'
import { describe, expect, it } from 'vitest'

import type { TaskQuery } from '@/stores/task_query'
import type { FailureGroup } from '@/transport/http'

import { useSelection } from './selection'
import { errorText, filterOf, kindsMeant, queryOf, typed, urlOf } from './task_filter'

const NOON = Date.parse('2026-06-15T12:00:00Z')

describe('the filter', () => {
  it('is the same in the URL and as it is typed', () => {
    const filter = filterOf({ state: 'failed', label: ['a=b', 'c=d'], tab: 'log' })
    expect(urlOf(filter)).toEqual({ state: ['failed'], label: ['a=b', 'c=d'] })
    expect(typed('label:e=f', filter)).toEqual({ label: ['a=b', 'c=d', 'e=f'] })
    expect(typed('Queue: night', filter)).toEqual({ queue: 'night' })
    expect(typed('error:eff9293b8676e38d', filter)).toEqual({ error_fingerprint: 'eff9293b8676e38d' })
    expect(typed('http://x', filter)).toEqual({ text: 'http://x' })
  })

  it('refuses what would find nothing', () => {
    for (const text of ['', 'x', 'x'.repeat(129), 'label:team', 'label:team=', 'label:=photos', 'state:odd', 'queue:']) expect(typed(text, filterOf({}))).toBeUndefined()
  })

  it('takes a known label by its name, and an error by its message', () => {
    const known = new Set(['customer'])
    expect(typed('customer:x', filterOf({}), known)).toEqual({ label: ['customer=x'] })
    expect(typed('client:x', filterOf({}), known)).toEqual({ text: 'client:x' })
    expect(['error: no template ', 'Error:x', 'error:', 'error:eff9293b8676e38d', 'no error:x'].map(errorText)).toEqual(['no template', 'x', undefined, undefined, undefined])
  })

  it('means the errors of just a message, else those that have the text', () => {
    const kinds = ['No template', 'no template for customer 7', 'refused\nat line 3'].map((message) => ({ message, reason: 'HANDLER_ERROR' }) as FailureGroup)
    const found = (text: string) => kindsMeant(text, kinds).map((kind) => kinds.indexOf(kind))
    expect([found('no template'), found('Template'), found('refused'), found('line 3')]).toEqual([[0], [0, 1], [2], []])
  })

  it('counts spans back from now', () => {
    expect(queryOf(filterOf({ submit_time_start: '24h' }), NOON, 'utc').since).toBe('2026-06-14T12:00:00.000Z')
    expect(queryOf(filterOf({ submit_time_start: 'today' }), NOON, 'utc').since).toBe('2026-06-15T00:00:00.000Z')
    expect(queryOf(filterOf({ submit_time_start: 'odd', state: 'odd', label: 'odd' }), NOON, 'utc')).toMatchObject({ since: '', states: [], labels: [] })
  })
})

describe('the selection', () => {
  const ids = ref<readonly string[]>(['a', 'b', 'c', 'd'])
  const query = ref<TaskQuery>({})

  it('takes a range from the row before', () => {
    const selection = useSelection(ids, query)
    selection.toggle('b')
    selection.toggle('d', true)
    expect([...selection.chosen.value]).toEqual(['b', 'c', 'd'])
    selection.toggle('c')
    expect([...selection.chosen.value]).toEqual(['b', 'd'])
    selection.toggleAll()
    expect(selection.isAll.value).toBe(true)
  })

  it('walks inside the list', () => {
    const selection = useSelection(ids, query)
    expect([selection.step(1), selection.step(1), selection.step(-5), selection.step(9)]).toEqual([0, 1, 0, 3])
    expect(selection.active.value).toBe('d')
  })
})
