// What a failure is called, and what to do about it first.

import type { Failure } from '@/transport/http'

import { firstLine } from './ansi'
import { NEEDS_CHANGES } from './needs_changes'
import { said, type Said } from './said'

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

type Told = Pick<Failure, 'reason' | 'message'>

/** Messages that AsyncTask itself writes: the registry's `ledger/end.py` and the SDK's `stage_timeout.py`. */
const OWN_MESSAGES: Record<string, RegExp> = {
  EXECUTOR_LOST: /^lost its executor (?:once|(?<count>\d+) times) without a new checkpoint, at last (?<executor>.+)$/,
  UNDELIVERED: /^was handed out (?:once|(?<count>\d+) times), and its lease was never renewed$/,
  STAGE_TIMEOUT: /^stage (?<stage>.+) ran longer than its timeout of (?<limit>.+): it was stopped and ended after (?<ran>.+)$/,
}

/** Whether the failure is AsyncTask's own, so that the catalogues have a sentence and a hint for its reason. */
export const saysOwn = ({ reason, message }: Told): boolean => !!OWN_MESSAGES[reason]?.test(message)

/** The whole message: AsyncTask's own as a sentence of the catalogues, a handler's as it is. */
export function sayFailure({ reason, message }: Told): Said | string {
  const found = OWN_MESSAGES[reason]?.exec(message)
  if (!found) return message
  const { count, stage, ...texts } = found.groups ?? {}
  return said(`failures.own.${reason}`, {
    ...texts,
    ...(stage ? { stage: stage.replace(/^'(.*)'$/, '$1') } : { count: Number(count ?? 1) }),
  })
}

/** Its first line, or its reason where it has no message. */
export function sayFailureBriefly(failure: Told): Said | string {
  const whole = sayFailure(failure)
  return typeof whole === 'string' ? firstLine(whole) || failure.reason : whole
}
