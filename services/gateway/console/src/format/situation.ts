// The one sentence of the overview: the worst fact, or that all is well.

import { said, type Said } from './said'

export interface Situation {
  /** Executors that take tasks. */
  executors: number
  waiting: number
  /** Types whose tasks wait although no executor runs them. */
  unservedTypes: readonly string[]
  /** Tasks that stand at `failed` and are of a kind that failed within the last day. */
  failed: number
  /** How long ago the last of them failed. */
  failedAgo: Said
}

export type Mood = 'well' | 'watch' | 'wrong'

export interface Verdict {
  mood: Mood
  sentence: Said
  /** The page that says more, and its filter. */
  page?: { name: string; query?: Record<string, string> }
}

export function judge(now: Situation): Verdict {
  const executors = { name: 'executors' }
  if (!now.executors && now.waiting) {
    return { mood: 'wrong', sentence: said('overview.no_executor_waiting', { count: now.waiting }), page: executors }
  }
  if (now.failed) {
    const sentence = said('overview.failed', { count: now.failed, ago: now.failedAgo })
    return { mood: 'wrong', sentence, page: { name: 'tasks', query: { state: 'failed' } } }
  }
  if (now.unservedTypes.length) {
    return { mood: 'watch', sentence: said('overview.unserved', { types: now.unservedTypes.join(', ') }), page: { name: 'queues' } }
  }
  if (!now.executors) return { mood: 'watch', sentence: said('overview.no_executor'), page: executors }
  return { mood: 'well', sentence: said('overview.well') }
}
