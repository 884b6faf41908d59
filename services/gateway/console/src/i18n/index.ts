// The catalogues of all languages. Sentences are compiled without `eval`, as the Content-Security-Policy asks.

import { createI18n } from 'vue-i18n'

import type { Language } from '@/stores/preferences'

import type { Catalogue } from './catalogue'
import { en } from './en'

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en: en as Catalogue } as Record<Language, Catalogue>,
})

/** Shows the console in a language; loads its catalogue when it is first needed. */
export async function useLanguage(language: Language): Promise<void> {
  if (language === 'zh' && !i18n.global.availableLocales.includes('zh')) {
    i18n.global.setLocaleMessage('zh', (await import('./zh')).zh)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}
