import { describe, expect, it } from 'vitest'

import { failureName, needsChanges, sayFailure, sayFailureBriefly, saysOwn } from './failure'

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

  it('is a sentence of the catalogues where AsyncTask wrote the message', () => {
    const lost = { reason: 'EXECUTOR_LOST', message: 'lost its executor 3 times without a new checkpoint, at last host-7' }
    expect(sayFailure(lost)).toEqual({ key: 'failures.own.EXECUTOR_LOST', values: { count: 3, executor: 'host-7' } })
    const undelivered = { reason: 'UNDELIVERED', message: 'was handed out once, and its lease was never renewed' }
    expect(sayFailure(undelivered)).toEqual({ key: 'failures.own.UNDELIVERED', values: { count: 1 } })
    const message = "stage 'copy' ran longer than its timeout of 20 ms: it was stopped and ended after 1.2 s"
    expect(sayFailure({ reason: 'STAGE_TIMEOUT', message })).toEqual({
      key: 'failures.own.STAGE_TIMEOUT',
      values: { stage: 'copy', limit: '20 ms', ran: '1.2 s' },
    })
    expect([lost, undelivered].map(saysOwn)).toEqual([true, true])
  })

  it('is what its handler said, in any other case', () => {
    const raised = { reason: 'HANDLER_ERROR', message: 'no disk\nat /mnt' }
    expect([sayFailure(raised), sayFailureBriefly(raised), saysOwn(raised)]).toEqual([raised.message, 'no disk', false])
    expect(sayFailureBriefly({ reason: 'EXECUTOR_LOST', message: '' })).toBe('EXECUTOR_LOST')
  })
})
