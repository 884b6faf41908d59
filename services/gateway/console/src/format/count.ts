// Numbers of things, and percentages.

export function formatCount(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)
}

/** For narrow places: `1.2M`, `120万`. */
export function formatShortCount(value: number, language: string): string {
  if (Math.abs(value) < 10_000) return formatCount(value, language)
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

/** Whole, and 100 only when it is complete: a task that shows 100 % and goes on looks stuck. */
export function wholePercent(percent: number, isComplete: boolean): number {
  return isComplete ? 100 : Math.max(0, Math.min(99, Math.floor(percent)))
}
