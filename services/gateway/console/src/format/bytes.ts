// Sizes, counted by 1024, with three significant digits.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

export function formatBytes(bytes: number): string {
  const { scale, unit } = scaleOf(bytes)
  return `${threeDigits(bytes / scale)} ${unit}`
}

/** `318 of 512 GiB` without the words: both in the unit of the larger one. */
export function formatBytesOf(done: number, total: number): { done: string; total: string } {
  const { scale, unit } = scaleOf(total)
  return { done: threeDigits(done / scale), total: `${threeDigits(total / scale)} ${unit}` }
}

function scaleOf(bytes: number): { scale: number; unit: string } {
  let scale = 1
  let index = 0
  // From 999.5 on, three digits would read "1000".
  while (Math.abs(bytes) / scale >= 999.5 && index < UNITS.length - 1) {
    scale *= 1024
    index += 1
  }
  return { scale, unit: UNITS[index] as string }
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 99.95) return value.toFixed(0)
  return value.toFixed(size >= 9.995 ? 1 : 2)
}
