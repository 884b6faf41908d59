// What a failure is called, and what to do about it first.

import type { Failure } from '@/transport/http'

import { firstLine } from './progress'
import { NEEDS_CHANGES } from './needs_changes'

type Named = Pick<Failure, 'reason' | 'error_type'>

const OWN = 'asynctask.'

/** The reason, by which the documentation knows it; of an exception that is none of AsyncTask's own, its class. */
export function failureName({ reason, error_type }: Named): string {
  return reason === 'HANDLER_ERROR' && error_type && !error_type.startsWith(OWN) ? error_type : reason
}

/** What happened, in one line. */
export const messageOf = ({ message, reason }: Pick<Failure, 'message' | 'reason'>): string => firstLine(message) || reason

/** Whether a restart would fail again, so that the task is better submitted again with changes. */
export const needsChanges = (failure: Named | null | undefined) => !!failure && NEEDS_CHANGES.has(failure.reason)
