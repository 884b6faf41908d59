// Says what pure functions return, and times and sizes, in the language and zone of the reader.

import { useI18n } from 'vue-i18n'

import { formatCount, formatShortCount } from '@/format/count'
import { sayAgo, sayDuration } from '@/format/duration'
import { sayFailure } from '@/format/failure'
import { said, type Said } from '@/format/said'
import { exactTime, logTime, roughTime, sayTime } from '@/format/time'
import { typeDescription } from '@/schema/words'
import { useClock } from '@/stores/clock'
import { usePreferences } from '@/stores/preferences'
import type { Problem } from '@/transport/problem'

export function useSay() {
  const { t, te } = useI18n()
  const preferences = usePreferences()
  const clock = useClock()

  function say(what: Said | string): string {
    if (typeof what === 'string') return what
    const values: Record<string, string | number> = {}
    for (const [name, value] of Object.entries(what.values)) {
      values[name] = typeof value === 'object' ? say(value) : value
    }
    // `count` also chooses between one and many.
    const count = values['count']
    if (typeof count !== 'number') return t(what.key, values)
    return t(what.key, { ...values, count: formatCount(count, preferences.language) }, count)
  }

  return {
    say,
    t: (key: string, values: Said['values'] = {}) => say(said(key, values)),
    count: (value: number) => formatCount(value, preferences.language),
    shortCount: (value: number) => formatShortCount(value, preferences.language),
    /** What nobody knows is three dots. */
    percent: (value: number | undefined) => (value === undefined ? '…' : t('common.percent', { percent: value })),
    duration: (ms: number) => say(sayDuration(ms)),
    /** How long ago something was, by the server's clock. */
    ago: (ms: number) => say(sayAgo(clock.now - ms)),
    /** For how long it is so, by the same clock, and in whole seconds as well. */
    since: (ms: number) => say(sayDuration(Math.floor(Math.max(0, clock.now - ms) / 1000) * 1000)),
    time: (ms: number) => say(sayTime(ms, clock.now, preferences.language, preferences.zone)),
    roughTime: (ms: number) => roughTime(ms, clock.now, preferences.language, preferences.zone),
    exact: (ms: number) => exactTime(ms, preferences.language, preferences.zone),
    logTime: (ms: number) => logTime(ms, preferences.language, preferences.zone),
    /** What a task type says about itself. */
    description: (type: Parameters<typeof typeDescription>[0]) => typeDescription(type, preferences.language),
    /** The whole message of a failure. */
    failure: (failure: Parameters<typeof sayFailure>[0]) => say(sayFailure(failure)),
    /** A problem by its reason; for reasons without a sentence, what the server says. */
    problem: (problem: Problem) => {
      const key = `problem.${problem.reason === 'STORE_UNAVAILABLE' ? problem.service : problem.reason}`
      return te(key) ? t(key) : problem.message || problem.reason
    },
  }
}
