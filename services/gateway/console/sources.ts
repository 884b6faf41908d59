// The hash of everything that the build is made from. tools/console_sources.py computes the same without Node, so that
// the lint notices a build that is older than its sources.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export function sourcesHash(root: string): string {
  const whole = createHash('sha256')
  for (const path of sourceFiles(root).sort()) {
    whole.update(`${path} ${createHash('sha256').update(readFileSync(join(root, path))).digest('hex')}\n`)
  }
  return whole.digest('hex')
}

function sourceFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name.endsWith('.d.ts')) return []
    const path = folder ? `${folder}/${entry.name}` : entry.name
    return entry.isDirectory() ? sourceFiles(root, path) : [path]
  })
}
