import { expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { createApp } from 'vue'

import { useQueryList, useQueryText } from './query'

it('changes of one turn do not undo each other, and leave the rest of the URL alone', async () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: {} }] })
  await router.push('/?level=error&stage=copy&tab=log&compare=1#line')
  const app = createApp({})
  app.use(router)
  app.runWithContext(() => {
    const [level, stage, compare] = [useQueryText('level'), useQueryText('stage'), useQueryList('compare')]
    level.value = ''
    stage.value = ''
    compare.value = ['1', '2']
  })
  await vi.waitFor(() => expect(router.currentRoute.value.fullPath).toBe('/?tab=log&compare=1&compare=2#line'))
})
