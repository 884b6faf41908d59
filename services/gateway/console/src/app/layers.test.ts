import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { describe, expect, it } from 'vitest'

const SOURCES = join(import.meta.dirname, '..')

/** What each folder may import; types of the REST API come from `transport` everywhere. */
const MAY: Record<string, string[]> = {
  transport: [],
  schema: [],
  stores: ['transport'],
  format: ['transport'],
  i18n: ['format', 'schema', 'stores', 'transport'],
  ui: ['format', 'i18n', 'stores', 'transport'],
  charts: ['format', 'i18n', 'stores', 'transport', 'ui'],
  views: ['charts', 'format', 'i18n', 'schema', 'stores', 'transport', 'ui'],
  app: ['format', 'i18n', 'stores', 'transport', 'ui', 'views'],
}
const MOST_LINES = 300

function sources(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    if (!/\.(vue|ts)$/.test(entry.name) || /\.(test|d)\.ts$/.test(entry.name)) return []
    return [{ path: relative(SOURCES, path), text: readFileSync(path, 'utf-8') }]
  })
}

const all = sources(SOURCES)
const folderOf = (path: string) => path.split('/')[0] as string

describe('the sources', () => {
  it('import only what is below them', () => {
    const wrong = all.flatMap(({ path, text }) => {
      const own = folderOf(path)
      const used = [...text.matchAll(/(?:from|import\()\s*'@\/(\w+)/g)].map((match) => match[1] as string)
      return used.filter((folder) => folder !== own && !MAY[own]?.includes(folder)).map((folder) => `${path} → ${folder}`)
    })
    expect(wrong).toEqual([])
  })

  it('talk to the gateway in transport only', () => {
    const callers = all.filter(({ text }) => /\bfetch\(|EventSource\(|XMLHttpRequest/.test(text)).map(({ path }) => folderOf(path))
    expect([...new Set(callers)]).toEqual(['transport'])
  })

  it('never insert text as markup', () => {
    expect(all.filter(({ text }) => /v-html|innerHTML/.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('are files of one screen or two', () => {
    // The parts of a page have their styles with them, and catalogues are lists.
    const long = all.filter(({ path, text }) => !path.startsWith('i18n/') && text.split('<style')[0]!.split('\n').length > MOST_LINES)
    expect(long.map(({ path }) => path)).toEqual([])
  })
})
