// What this browser remembers: how things are shown, keys, lists of one's own. The first language comes from the browser.

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'

export type Language = 'en' | 'zh'
export type Theme = 'system' | 'light' | 'dark'
export type Zone = 'mine' | 'utc'
export type ByteUnits = 'binary' | 'decimal'

/** A list of tasks that the reader keeps: the query part of its URL. */
export interface SavedView {
  name: string
  query: Record<string, string | string[]>
}

export const usePreferences = defineStore('preferences', () => ({
  language: useStorage<Language>('asynctask.language', navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'),
  theme: useStorage<Theme>('asynctask.theme', 'system'),
  zone: useStorage<Zone>('asynctask.zone', 'mine'),
  hasKeys: useStorage('asynctask.keys', true),
  /** How sizes are counted: by 1024 or by 1000. */
  byteUnits: useStorage<ByteUnits>('asynctask.byte_units', 'binary'),
  /** Columns of the list of tasks; empty for those that it begins with. */
  taskColumns: useStorage<string[]>('asynctask.task_columns', []),
  /** Widths of those columns that the reader has changed, in pixels. */
  taskColumnWidths: useStorage<Record<string, number>>('asynctask.task_column_widths', {}),
  taskViews: useStorage<SavedView[]>('asynctask.task_views', []),
}))
