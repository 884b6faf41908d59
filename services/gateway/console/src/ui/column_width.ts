// Widths of columns that a reader chooses.

export const LEAST_WIDTH = 64
export const MOST_WIDTH = 800

export const widthWithin = (px: number): number => Math.round(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, px)))

/** The widths with another one of a column; 0 gives it that of the beginning. */
export function withWidth(widths: Readonly<Record<string, number>>, key: string, px: number): Record<string, number> {
  const others = Object.fromEntries(Object.entries(widths).filter(([name]) => name !== key))
  return px ? { ...others, [key]: widthWithin(px) } : others
}
