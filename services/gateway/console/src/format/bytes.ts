// Sizes with three significant digits, counted by 1024 or, if the reader likes it better, by 1000.

import { ref } from 'vue'

const UNITS = {
  binary: { step: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] },
  decimal: { step: 1000, names: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] },
} as const

/** One choice for the whole page; what shows sizes follows it. */
export const byteUnits = ref<keyof typeof UNITS>('binary')

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
  const { step, names } = UNITS[byteUnits.value]
  let scale = 1
  let index = 0
  // From 999.5 on, three digits would read "1000".
  while (Math.abs(bytes) / scale >= 999.5 && index < names.length - 1) {
    scale *= step
    index += 1
  }
  return { scale, unit: names[index] as string }
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) || size >= 99.95) return value.toFixed(0)
  return value.toFixed(size >= 9.995 ? 1 : 2)
}
