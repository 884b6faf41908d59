// The one sentence of the overview: the worst fact, or that all is well.

import { said, type Said } from './said'

export interface Situation {
  /** Executors that take tasks. */
  executors: number
  running: number
  waiting: number
  /** Types whose tasks wait although no executor runs them. */
  unservedTypes: readonly string[]
  /** Tasks that failed within the last day, among those that the page knows. */
  failedLastDay: number
  /** Whether more may have failed than the page knows. */
  isFailedPartial: boolean
}

export type Mood = 'well' | 'watch' | 'wrong'

export interface Verdict {
  mood: Mood
  sentence: Said
}

export function judge(now: Situation): Verdict {
  if (!now.executors && now.waiting) return { mood: 'wrong', sentence: said('overview.no_executor_waiting', { count: now.waiting }) }
  if (now.unservedTypes.length) {
    return { mood: 'wrong', sentence: said('overview.unserved', { types: now.unservedTypes.join(', ') }) }
  }
  if (now.failedLastDay) {
    const key = now.isFailedPartial ? 'overview.failed_at_least' : 'overview.failed'
    return { mood: 'wrong', sentence: said(key, { count: now.failedLastDay }) }
  }
  if (!now.executors) return { mood: 'watch', sentence: said('overview.no_executor') }
  return { mood: 'well', sentence: said('overview.well') }
}
