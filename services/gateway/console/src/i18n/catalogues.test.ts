import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { en } from './en'
import { zh } from './zh'

const SOURCES = join(import.meta.dirname, '..')

function flat(catalogue: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${prefix}${key}`, value] as const] : [...flat(value as object, `${prefix}${key}.`)],
    ),
  )
}

const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(vue|ts)$/.test(entry.name) && !/\.(test|d)\.ts$/.test(entry.name) ? [readFileSync(path, 'utf-8')] : []
  })
}

const english = flat(en)
const chinese = flat(zh)

describe('the catalogues', () => {
  it('have the same sentences in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have the same values in each sentence', () => {
    for (const [key, text] of english) expect([key, names(chinese.get(key) ?? '')]).toEqual([key, names(text)])
  })

  it('are Chinese where they should be', () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text && /[a-z]{3}/i.test(text.replace(/\{\w+\}/g, '')))
    expect(same).toEqual([])
  })

  it('have every sentence that the sources name', () => {
    const named = sources(SOURCES).flatMap((text) => [...text.matchAll(/(?:\bt|\bsaid)\(\s*'([\w.]+)'/g)].map((match) => match[1]))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((key) => key && !english.has(key))).toEqual([])
  })
})
