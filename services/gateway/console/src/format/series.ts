// What is said about a series: sums and the share of success. Curves are drawn from its points.

import type { SeriesPoint } from '@/transport/http'

import { said, type Said } from './said'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The spans of time that curves are shown for. */
export const SPANS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS } as const

export type Span = keyof typeof SPANS

export interface SeriesSums {
  submitted: number
  completed: number
  failed: number
}

export function sumsOf(points: readonly SeriesPoint[]): SeriesSums {
  const sum = (read: (point: SeriesPoint) => number) => points.reduce((total, point) => total + read(point), 0)
  return { submitted: sum((one) => one.submitted), completed: sum((one) => one.completed), failed: sum((one) => one.failed) }
}

/** The length of a step, which is whole minutes, hours or days. */
export function sayStep(ms: number): Said {
  if (ms % DAY_MS === 0) return said('curves.steps.d', { d: ms / DAY_MS })
  if (ms % HOUR_MS === 0) return said('curves.steps.h', { h: ms / HOUR_MS })
  return said('curves.steps.min', { min: Math.round(ms / MINUTE_MS) })
}

/** Completed tasks among those that ended, in percent; rounded down, since 99.99 % is not all. Undefined without any. */
export function successPercent({ completed, failed }: Pick<SeriesSums, 'completed' | 'failed'>): number | undefined {
  const ended = completed + failed
  return ended ? Math.floor((completed / ended) * 1000) / 10 : undefined
}
