// The columns of the list: which there are, and which the reader wants to see.

import { computed } from 'vue'

import { useSay } from '@/i18n/say'
import { usePreferences } from '@/stores/preferences'
import { withWidth } from '@/ui/column_width'
import type { Column } from '@/ui/DataGrid.vue'

/** Those that can be chosen, in their order. State and task are always there. */
export const CHOICES = ['progress', 'submitted', 'duration', 'queue', 'labels', 'executor', 'note', 'error'] as const
export type Choice = (typeof CHOICES)[number]
const BEGIN_WITH: readonly Choice[] = ['progress', 'submitted', 'duration', 'note']

/** Those without a width share what the others leave. */
const LOOKS: Record<Choice, Omit<Column, 'key' | 'label'>> = {
  progress: { width: '124px' },
  submitted: { width: '112px', card: 'none' },
  duration: { width: '92px', align: 'right' },
  queue: { width: '110px', card: 'none' },
  labels: { card: 'none' },
  executor: { width: '160px', card: 'none' },
  note: {},
  error: { card: 'none' },
}
const LEAST_PX = 160

/** How wide a table must be so that each column can be read; a narrower page scrolls it sideways. */
export function leastWidth(columns: readonly Column[]): string {
  return `${columns.reduce((sum, one) => sum + (one.width ? Number.parseInt(one.width) : LEAST_PX), 0)}px`
}

export function useTaskColumns() {
  const say = useSay()
  const preferences = usePreferences()

  const chosen = computed({
    get: () => {
      const wanted = CHOICES.filter((one) => preferences.taskColumns.includes(one))
      return wanted.length ? wanted : [...BEGIN_WITH]
    },
    set: (wanted: Choice[]) => (preferences.taskColumns = wanted),
  })

  const columns = computed<Column[]>(() => {
    const all: Column[] = [
      { key: 'mark', label: '', width: '40px', card: 'mark' },
      { key: 'state', label: say.t('tasks.columns.state'), width: '124px', card: 'lead' },
      { key: 'task', label: say.t('tasks.columns.task'), width: '220px', card: 'lead' },
      ...chosen.value.map((key) => ({ key, label: say.t(`tasks.columns.${key}`), ...LOOKS[key] })),
      { key: 'menu', label: '', width: '48px', card: 'none' },
    ]
    return all.map((column) => {
      const px = preferences.taskColumnWidths[column.key]
      return px ? { ...column, width: `${px}px` } : column
    })
  })
  const hasOwnWidths = computed(() => Object.keys(preferences.taskColumnWidths).length > 0)

  function toggle(key: Choice): void {
    const now = chosen.value
    chosen.value = now.includes(key) ? now.filter((one) => one !== key) : CHOICES.filter((one) => one === key || now.includes(one))
  }

  function resize(key: string, px: number): void {
    preferences.taskColumnWidths = withWidth(preferences.taskColumnWidths, key, px)
  }
  const forgetWidths = () => (preferences.taskColumnWidths = {})

  return { columns, chosen, toggle, resize, hasOwnWidths, forgetWidths }
}
