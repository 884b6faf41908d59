// How fast the work of a stage goes, and how long it takes yet: smoothed over a minute, and silent where it is not known.

import type { ProgressReport } from './progress'
import { sayRemaining, sayRemainingRange } from './duration'
import type { Said } from './said'

/** The rate is that of the last minute; of less than this it says nothing. */
const WINDOW_MS = 60_000
const LEAST_MS = 10_000
const BETWEEN_MS = 500
/** A remaining time is said when the stage has run so long, and so much of it is done. */
const BEGUN_MS = 30_000
const BEGUN_SHARE = 0.01
/** A total that grew makes every remaining time wrong for a while. */
const GROWN_MS = 30_000
/** Rates of the minute and of its last quarter that differ by more make the end unsure. */
const UNSURE = 1.3

interface Sample {
  at: number
  /** Units that were worked on: without those that were skipped. */
  worked: number
}

export interface Seconds {
  least: number
  most: number
}

/** Samples of one stage. */
export class Pace {
  private samples: Sample[] = []
  private total = 0
  private grownAt = -Infinity

  /** `skipped`: units among `done` that nothing was done for. */
  add(at: number, { done, total }: ProgressReport, skipped: number): void {
    const worked = done - skipped
    const last = this.samples.at(-1)
    if (last && worked < last.worked) this.samples = []
    if (total > this.total && this.total > 0) this.grownAt = at
    this.total = total
    if (last && this.samples.length > 1 && at - last.at < BETWEEN_MS) this.samples.pop()
    this.samples.push({ at, worked })
    // One older sample stays, so that a whole minute is measured.
    while (this.samples.length > 2 && at - (this.samples[1] as Sample).at >= WINDOW_MS) this.samples.shift()
  }

  /** Whether the total was corrected a moment ago. */
  hasGrown(at: number): boolean {
    return at - this.grownAt < GROWN_MS
  }

  /** Units a second; undefined while too little was seen. */
  rate(at: number, windowMs = WINDOW_MS): number | undefined {
    const first = this.samples.find((sample) => at - sample.at <= windowMs + BETWEEN_MS)
    const last = this.samples.at(-1)
    // Nothing was reported within the window: what was measured before it is over.
    if (last && !first) return 0
    if (!first || !last || at - first.at < Math.min(LEAST_MS, windowMs)) return undefined
    return ((last.worked - first.worked) * 1000) / (at - first.at)
  }

  /** What is left of the stage; undefined where nobody can know. `begunAt`: when the stage began. */
  rest(at: number, report: ProgressReport, begunAt: number): Seconds | undefined {
    const { done, total } = report
    if (!total || done / total < BEGUN_SHARE || at - begunAt < BEGUN_MS || this.hasGrown(at)) return undefined
    const steady = this.rate(at) ?? report.rate
    const latest = this.rate(at, WINDOW_MS / 4) ?? report.rate
    const rates = [steady, latest].filter((rate) => rate > 0)
    if (rates.length < 2) return undefined
    const ends = rates.map((rate) => Math.max(0, total - done) / rate)
    const [least, most] = [Math.min(...ends), Math.max(...ends)]
    return most / Math.max(least, 1e-9) <= UNSURE ? { least: ends[0] as number, most: ends[0] as number } : { least, most }
  }
}

export function sayRest({ least, most }: Seconds): Said {
  return (least === most ? undefined : sayRemainingRange(least, most)) ?? sayRemaining(most)
}
