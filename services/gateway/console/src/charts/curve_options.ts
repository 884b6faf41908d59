// How uPlot draws a curve: axes, lines, crosshair. Colours come from `ui/tokens.css`, times are of the reader's zone.

import uPlot from 'uplot'

import { axisTime, type TimeZone } from '@/format/time'

import { lonePoints, type CurveAxis } from './curve_scale'

export interface CurveLine {
  key: string
  label: string
  /** The name of a colour of `ui/tokens.css`. */
  colour: string
  /** One for each step; null where nothing was measured, which leaves a gap. */
  values: (number | null)[]
  isFilled?: boolean
}

export interface CurveLook {
  /** How the values stand: asked for at each drawing, since they change. */
  axis: () => CurveAxis
  language: string
  zone: TimeZone
  sayNumber: (value: number) => string
  /** Fills between the second line and the first. */
  isBand: boolean
}

export interface CurveActs {
  onPoint: (index: number | undefined) => void
  onSpan: (fromMs: number, toMs: number) => void
}

const TAIL_DASH = [2, 4]
const AXIS_WIDTH = 58
const LEAST_SPAN_PX = 8

/** The columns for uPlot: times in seconds, each line, and of each line its way into a last step that is not over. */
export function curveData(
  times: readonly number[],
  lines: readonly CurveLine[],
  isLastOpen: boolean,
  axis: CurveAxis,
): uPlot.AlignedData {
  const least = axis.numbers[0] ?? 0
  const open = isLastOpen ? times.length - 1 : times.length
  const drawn = lines.map((line) => line.values.map((value) => (value === null ? null : Math.max(value, least))))
  const whole = drawn.map((values) => values.map((value, index) => (index < open ? value : null)))
  const tails = drawn.map((values) => values.map((value, index) => (isLastOpen && index >= open - 1 ? value : null)))
  return [times.map((ms) => ms / 1000), ...whole, ...tails]
}

export function curveOptions(
  size: { width: number; height: number },
  lines: readonly CurveLine[],
  look: CurveLook,
  acts: CurveActs,
): uPlot.Options {
  const css = getComputedStyle(document.documentElement)
  const colour = (name: string) => css.getPropertyValue(name).trim()
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  const axis: uPlot.Axis = {
    stroke: colour('--text-soft'),
    font,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  const series = lines.map((line) => lineSeries(colour(line.colour), line.isFilled ?? false))
  return {
    ...size,
    padding: [10, 12, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => {
      const date = new Date(seconds * 1000)
      return look.zone === 'utc' ? uPlot.tzDate(date, 'UTC') : date
    },
    scales: {
      y: {
        distr: look.axis().isByPowers ? 3 : 1,
        range: () => [look.axis().numbers[0] ?? 0, look.axis().numbers.at(-1) ?? 1],
      },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 76,
        values: (_, splits) => splits.map((at) => axisTime(at * 1000, look.language, look.zone)),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        splits: () => look.axis().numbers,
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map(look.sayNumber),
      },
    ],
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false, dist: LEAST_SPAN_PX },
    },
    series: [{}, ...series, ...series.map(tailSeries)],
    bands: look.isBand ? [{ series: [2, 1], fill: `${colour(lines[0]?.colour ?? '')}24` }] : [],
    hooks: {
      setCursor: [(plot) => acts.onPoint((plot.cursor.left ?? -1) >= 0 ? (plot.cursor.idx ?? undefined) : undefined)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < LEAST_SPAN_PX) return
          acts.onSpan(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000)
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
    },
  }
}

function lineSeries(stroke: string, isFilled: boolean): uPlot.Series {
  return {
    stroke,
    width: 1.75,
    ...(isFilled ? { fill: `${stroke}2e` } : {}),
    points: { show: true, size: 5, fill: stroke, filter: (plot, index) => lonePoints(plot.data[index] as (number | null)[]) },
  }
}

function tailSeries(line: uPlot.Series): uPlot.Series {
  const { fill: _, ...others } = line
  return { ...others, dash: TAIL_DASH }
}
