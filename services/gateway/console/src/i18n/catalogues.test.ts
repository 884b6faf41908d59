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

/** Behind a number and no noun in the plural: verbs and units. */
const NO_NOUNS = new Set(['begins', 'goes', 'has', 'is', 'ms', 'runs', 'waits'])
/** Their number is always more than one: what is left over beyond a limit, or what is the case of some and not of others. */
const ALWAYS_MANY = new Set([
  'remaining.d',
  'remaining.range_d',
  'health.check.schedulers.not_ready.message',
  'health.check.registries.some_fail.message',
  'health.doctor.first',
  'task.items.most',
  'tasks.more_than',
  'type.retry_twice',
  'type.retries',
])

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

  it('say one and many right after each number', () => {
    // Only `count` chooses between one and many, so only it may stand before a noun in the plural.
    const before = (text: string) => [...text.matchAll(/\{(\w+)\} ([a-z]+s)\b/g)].filter((match) => !NO_NOUNS.has(match[2] as string)).map((match) => match[1])
    const wrong = [...english].filter(([key, text]) => {
      const [one = '', ...many] = text.split(' | ')
      return !ALWAYS_MANY.has(key) && (before(one).length > 0 || many.some((part) => before(part).some((name) => name !== 'count')))
    })
    expect(wrong).toEqual([])
    expect([...ALWAYS_MANY].filter((key) => !english.has(key))).toEqual([])
  })

  it('write a percentage as the language does, and no source writes its own', () => {
    expect([...english].filter(([, text]) => /\S%/.test(text))).toEqual([])
    expect([...chinese].filter(([, text]) => /\s%/.test(text))).toEqual([])
    expect(sources(SOURCES).flatMap((text) => text.match(/.*\$\{.*\} %.*/g) ?? [])).toEqual([])
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
