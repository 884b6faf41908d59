import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

import { sourcesHash } from './sources.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
const built = fileURLToPath(new URL('../src/asynctask_gateway/console', import.meta.url))

// The gateway that `npm run dev` passes REST and events on to.
const gateway = process.env['ASYNCTASK_GATEWAY'] ?? 'http://127.0.0.1:7680'

const recordSources: Plugin = {
  name: 'record-sources',
  apply: 'build',
  closeBundle: () => writeFileSync(`${built}/sources.sha256`, `${sourcesHash(root)}\n`),
}

export default defineConfig({
  // Files name each other relatively, so one build works under every base path.
  base: './',
  plugins: [vue(), recordSources],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  define: { __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  // The largest chunk is Swagger UI, which only the page of the reference loads.
  build: { outDir: built, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1700 },
  worker: { format: 'es' },
  // The gateway refuses pages of other sites, and this one comes from vite.
  server: { proxy: { '/api': { target: gateway, changeOrigin: true, headers: { Origin: gateway } } } },
  test: { include: ['src/**/*.test.ts'] },
})
