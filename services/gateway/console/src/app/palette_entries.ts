// What the palette leads to: pages, task types, a task by its id, a search, and a few switches.

import { computed, type Ref } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'

import type { IconName } from '@/format/icon'
import { useSay } from '@/i18n/say'
import { useFreeze } from '@/stores/freeze'
import { usePreferences } from '@/stores/preferences'
import { useTaskTypes } from '@/stores/task_types'

import { PAGES } from './pages'

export interface PaletteEntry {
  key: string
  icon: IconName
  text: string
  hint?: string
  act(): void
}

const TASK_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const MOST = 12

export function usePaletteEntries(text: Ref<string>) {
  const say = useSay()
  const router = useRouter()
  const types = useTaskTypes()
  const freeze = useFreeze()
  const preferences = usePreferences()

  const to = (key: string, icon: IconName, words: string, place: RouteLocationRaw, hint = ''): PaletteEntry => ({
    key,
    icon,
    text: words,
    hint,
    act: () => void router.push(place),
  })
  const pages = computed(() =>
    PAGES.map((page) => to(`page ${page.name}`, page.icon, say.t(`shell.pages.${page.name}`), { name: page.name }, `g ${page.key}`)),
  )
  const ofTypes = computed(() =>
    types.all.flatMap(({ name }) => [
      to(`list ${name}`, 'tasks', say.t('shell.palette.list', { type: name }), { name: 'tasks', query: { type: name } }),
      to(`submit ${name}`, 'submit', say.t('shell.palette.submit', { type: name }), { name: 'submit', query: { type: name } }),
      to(`type ${name}`, 'help', say.t('shell.palette.type', { type: name }), { name: 'type', params: { name } }),
    ]),
  )
  const switches = computed<PaletteEntry[]>(() => [
    { key: 'freeze', icon: 'snow', text: say.t(freeze.isFrozen ? 'shell.thaw' : 'shell.freeze'), hint: '.', act: freeze.toggle },
    {
      key: 'language',
      icon: 'language',
      text: preferences.language === 'zh' ? 'English' : '中文',
      act: () => (preferences.language = preferences.language === 'zh' ? 'en' : 'zh'),
    },
  ])

  return computed<PaletteEntry[]>(() => {
    const wanted = text.value.trim().toLowerCase()
    if (TASK_ID.test(wanted)) return [to('task', 'tasks', say.t('shell.palette.task', { id: wanted.slice(-8) }), { name: 'task', params: { id: wanted } })]
    const all = [...pages.value, ...switches.value, ...(wanted ? ofTypes.value : [])]
    const words = wanted.split(/\s+/)
    const found = all.filter((entry) => words.every((word) => entry.text.toLowerCase().includes(word))).slice(0, MOST)
    const isText = wanted.length >= 2 && wanted.length <= 128
    const search = to('search', 'search', say.t('shell.palette.search', { text: text.value.trim() }), { name: 'tasks', query: { text: text.value.trim() } })
    return isText ? [...found, search] : found
  })
}
