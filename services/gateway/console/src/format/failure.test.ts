import { describe, expect, it } from 'vitest'

import { failureName, needsChanges } from './failure'

describe('a failure', () => {
  it('is called by its reason, and only a handler’s own exception by its class', () => {
    expect(failureName({ reason: 'SOURCE_MISSING', error_type: 'asynctask.errors.SourceMissing' })).toBe('SOURCE_MISSING')
    expect(failureName({ reason: 'HANDLER_ERROR', error_type: 'OSError' })).toBe('OSError')
    expect(failureName({ reason: 'HANDLER_ERROR', error_type: 'asynctask.Fail' })).toBe('HANDLER_ERROR')
    expect(failureName({ reason: 'EXECUTOR_LOST', error_type: '' })).toBe('EXECUTOR_LOST')
  })

  it('needs changes where the input is wrong, and none where something else was', () => {
    const needs = (reason: string) => needsChanges({ reason, error_type: '' })
    expect(['SOURCE_MISSING', 'CONFIG_INVALID', 'DESTINATION_INSIDE_SOURCE'].map(needs)).toEqual([true, true, true])
    expect(['HANDLER_ERROR', 'NOT_ENOUGH_SPACE', 'EXECUTOR_LOST'].map(needs)).toEqual([false, false, false])
    expect(needsChanges(undefined)).toBe(false)
  })
})
