import { createPinia } from 'pinia'
import { createApp } from 'vue'

import { i18n, useLanguage } from '@/i18n'
import { usePreferences } from '@/stores/preferences'
import '@/ui/tokens.css'

import App from './App.vue'
import { router } from './routes'

const app = createApp(App).use(createPinia())
await useLanguage(usePreferences().language)
app.use(i18n).use(router).mount('#app')
