// What a task type has its tasks do, in sentences.

import type { TaskType } from '@/transport/http'

import { sayDuration } from './duration'
import { said, type Said } from './said'

const SHOWN_DELAYS = 3

export function sayPolicies(type: TaskType): Said[] {
  return [sayPlace(type), sayLimit(type), ...sayRetry(type), said('type.crashes', { count: type.crash_budget })]
}

function sayPlace({ queue, priority }: TaskType): Said {
  return said('type.place', { queue, priority })
}

function sayLimit({ max_running: most }: TaskType): Said {
  return most ? said('type.limit', { count: most }) : said('type.no_limit')
}

function sayRetry({ retry }: TaskType): Said[] {
  if (!retry) return []
  const retries = retry.max_attempts - 1
  if (retries < 1) return [said('type.no_retry')]
  const delays = retryDelays(retry, Math.min(retries, SHOWN_DELAYS))
  const [first, second, third] = delays.map(sayDuration)
  const values = { count: retries, first: first ?? '', most: sayDuration(retry.max_delay_ms) }
  if (!second) return [said('type.retry_once', values)]
  if (!third) return [said('type.retry_twice', { ...values, second })]
  return [said('type.retries', { ...values, second, third })]
}

/** The longest delays before the first retries, in milliseconds; each is drawn between half of it and the whole. */
export function retryDelays(retry: NonNullable<TaskType['retry']>, count: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.min(retry.max_delay_ms, retry.initial_delay_ms * retry.multiplier ** index),
  )
}
