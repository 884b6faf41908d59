// Where a point in time stands: linear where something happened, folded where nothing did for long.

import type { TimeLineModel } from './time_line'

/** An idle time is folded when it is longer than this share of the whole. */
const LONG_SHARE = 0.1
const LONG_MS = 60_000
/** A folded time is as wide as this share of all that is not folded. */
const FOLDED_SHARE = 0.05
/** While time goes on, there is room right of now, and only when it is used up the picture is drawn to a new scale. */
const ROOM_STEP = 1.15
const LEAST_ROOM = 0.03
/** There the time of the next attempt is written. */
const ROOM_FOR_NEXT = 0.15

export interface Fold {
  from: number
  to: number
}

export interface TimeScale {
  /** Position of a time, 0 to 1 within what is shown; outside of it below 0 or above 1. */
  place(at: number): number
  /** The time at a position. */
  time(place: number): number
  folds: Fold[]
}

interface Piece {
  from: number
  to: number
  /** Width before what is shown is stretched to the whole. */
  width: number
}

/** `folds`: of `idleTimes` those that are drawn narrow; `shown`: the part to show, undefined shows everything. */
export function timeScale(model: TimeLineModel, folds: Fold[], shown?: { from: number; to: number }): TimeScale {
  const pieces = piecesOf(model, folds)
  const left = shown ? widthAt(pieces, shown.from) : 0
  const right = shown ? widthAt(pieces, shown.to) : pieces.reduce((sum, piece) => sum + piece.width, 0)
  const span = Math.max(1e-9, right - left)
  return {
    place: (at) => (widthAt(pieces, at) - left) / span,
    time: (place) => timeAt(pieces, left + place * span),
    folds,
  }
}

/** Times without any attempt that are long against the whole. */
export function idleTimes(model: TimeLineModel): Fold[] {
  const least = Math.max(LONG_MS, (model.to - model.from) * LONG_SHARE)
  const busy = model.bars.map(({ from, to }) => ({ from, to })).sort((one, other) => one.from - other.from)
  const found: Fold[] = []
  let at = model.from
  for (const { from, to } of [...busy, { from: model.to, to: model.to }]) {
    if (from - at > least && busy.length) found.push({ from: at, to: from })
    at = Math.max(at, to)
  }
  // While a task waits, its wait is what the picture is about, unless there is much else to show.
  const last = found.at(-1)
  const rest = found.reduce((left, fold) => left - (fold.to - fold.from), model.to - model.from)
  return model.isOpen && last?.to === model.to && rest < LONG_MS ? found.slice(0, -1) : found
}

function piecesOf(model: TimeLineModel, folds: Fold[]): Piece[] {
  const folded = folds.reduce((sum, fold) => sum + fold.to - fold.from, 0)
  const whole = withRoom(model, folded)
  const width = whole * FOLDED_SHARE
  const pieces: Piece[] = []
  let at = model.from
  for (const fold of folds) {
    pieces.push({ from: at, to: fold.from, width: fold.from - at }, { ...fold, width })
    at = fold.to
  }
  const end = model.from + folded + whole
  pieces.push({ from: at, to: end, width: end - at })
  return pieces.filter((piece) => piece.to > piece.from)
}

/** The length of all that is not folded, with the room for what is to come. */
function withRoom(model: TimeLineModel, folded: number): number {
  const length = Math.max(1, model.to - model.from - folded)
  if (!model.isOpen) return length
  return ROOM_STEP ** Math.ceil(Math.log(Math.max(5000, length * (1 + (model.next ? ROOM_FOR_NEXT : LEAST_ROOM)))) / Math.log(ROOM_STEP))
}

function widthAt(pieces: Piece[], at: number): number {
  let width = 0
  for (const piece of pieces) {
    if (at <= piece.to) return width + ((Math.max(at, piece.from) - piece.from) / (piece.to - piece.from)) * piece.width
    width += piece.width
  }
  return width
}

function timeAt(pieces: Piece[], width: number): number {
  let left = width
  for (const piece of pieces) {
    if (left <= piece.width) return piece.from + (left / piece.width) * (piece.to - piece.from)
    left -= piece.width
  }
  return pieces.at(-1)?.to ?? 0
}

const DAY_MS = 86_400_000
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]
const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, ...STEPS_S.map((seconds) => 1000 * seconds)]

/** Times for the axis: round ones, at most `most` of them, none within a fold. */
export function ticks(scale: TimeScale, most: number): number[] {
  const [from, to] = [scale.time(0), scale.time(1)]
  const folded = scale.folds.reduce((sum, fold) => sum + Math.max(0, Math.min(to, fold.to) - Math.max(from, fold.from)), 0)
  const wanted = (to - from - folded) / Math.max(1, most)
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY_MS) * DAY_MS
  const found: number[] = []
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= to && found.length < 100; at += stepMs) {
    const fold = scale.folds.find((one) => at > one.from && at < one.to)
    if (fold) at = Math.floor(fold.to / stepMs) * stepMs
    else if (!found.length || (scale.place(at) - scale.place(found.at(-1) as number)) * most > 0.7) found.push(at)
  }
  return found
}
