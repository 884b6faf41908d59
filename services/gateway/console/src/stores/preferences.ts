// What this browser remembers: language, theme, time zone, keys. The first language comes from the browser.

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'

export type Language = 'en' | 'zh'
export type Theme = 'system' | 'light' | 'dark'
export type Zone = 'mine' | 'utc'

export const usePreferences = defineStore('preferences', () => ({
  language: useStorage<Language>('asynctask.language', navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'),
  theme: useStorage<Theme>('asynctask.theme', 'system'),
  zone: useStorage<Zone>('asynctask.zone', 'mine'),
  hasKeys: useStorage('asynctask.keys', true),
}))
