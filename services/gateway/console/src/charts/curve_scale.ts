// Round numbers for the axis of a curve: of tasks, or of durations, whose round numbers are seconds and minutes.

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const DURATION_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((min) => min * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR),
]
const MOST_STEPS = 4

export type CurveUnit = 'tasks' | 'ms'

/** From so large a ratio on, durations are drawn by powers: one long task would hide all the short ones. */
const WIDE_RATIO = 50
const POWERS = [1, 10, 100, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, DAY, 10 * DAY, 100 * DAY]

export interface CurveAxis {
  /** Beside the axis; the first and the last are its ends. */
  numbers: number[]
  isByPowers: boolean
}

export function axisOf(lines: readonly (readonly (number | null)[])[], unit: CurveUnit): CurveAxis {
  const values = lines.flatMap((line) => line.filter((value): value is number => value !== null))
  const most = values.reduce((a, b) => Math.max(a, b), 0)
  const least = values.reduce((a, b) => Math.min(a, Math.max(1, b)), most)
  const isByPowers = unit === 'ms' && most > least * WIDE_RATIO
  return { numbers: isByPowers ? powersAround(least, most) : axisNumbers(most, unit), isByPowers }
}

function powersAround(least: number, most: number): number[] {
  const first = POWERS.filter((one) => one <= least).length - 1
  const last = POWERS.findIndex((one) => one >= most)
  return POWERS.slice(Math.max(0, first), last < 0 ? POWERS.length : last + 1)
}

/** The numbers beside the axis, from 0 to one that no value exceeds. */
export function axisNumbers(most: number, unit: CurveUnit): number[] {
  const step = stepFor(Math.max(most, 1), unit)
  const count = Math.max(1, Math.ceil(most / step))
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}

function stepFor(most: number, unit: CurveUnit): number {
  const known = unit === 'ms' ? DURATION_STEPS.find((step) => step * MOST_STEPS >= most) : undefined
  if (known) return known
  const base = unit === 'ms' ? DAY : 1
  const rough = most / base / MOST_STEPS
  const power = 10 ** Math.max(0, Math.floor(Math.log10(rough)))
  return base * power * ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10)
}

/** Points that have no neighbour: a line does not show them, so they are drawn as points. */
export function lonePoints(values: readonly (number | null)[]): number[] {
  const isThere = (index: number) => values[index] !== undefined && values[index] !== null
  return [...values.keys()].filter((index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1))
}

/** The point next to a place on the axis of time, 0 at its begin and 1 at its end. */
export function keyMove(key: string, at: number | undefined, points: number): number | undefined {
  const last = points - 1
  const from = at ?? last
  const moves: Record<string, number> = {
    ArrowLeft: at === undefined ? last : from - 1,
    ArrowRight: at === undefined ? 0 : from + 1,
    PageDown: from - 10,
    PageUp: from + 10,
    Home: 0,
    End: last,
  }
  const to = moves[key]
  return to === undefined ? undefined : Math.min(last, Math.max(0, to))
}
