// Fills the form in from an earlier task: the last one of the type, or one that is to be submitted again.

import { ref, shallowRef, watch, type Ref } from 'vue'

import { templateOf, TITLE } from '@/format/title'
import { textAt, tidied, valueAt } from '@/schema/json_text'
import type { Draft } from '@/stores/drafts'
import { useTasks } from '@/stores/tasks'
import type { Task, TaskType } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'
import { useQueryText } from '@/ui/query'

export function usePrefill(type: Ref<TaskType | undefined>, draft: Ref<Draft | undefined>, onFilled: () => void) {
  const tasks = useTasks()
  const from = useQueryText('from')
  /** The task that the form was filled in from. */
  const source = ref('')
  const isNone = ref(false)
  const problem = shallowRef<Problem>()
  let before: Draft | undefined

  async function read(reading: () => Promise<string>, path: (string | number)[], isWhole: boolean): Promise<void> {
    const wanted = type.value
    problem.value = undefined
    isNone.value = false
    try {
      const text = await reading()
      const task = valueAt(text, path) as Task | undefined
      isNone.value = !task
      // As text, so that no number of the config is rounded.
      if (task && wanted && wanted.name === type.value?.name) fill(task, textAt(text, [...path, 'task_config']) ?? '{}', wanted, isWhole)
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  function fill(task: Task, config: string, wanted: TaskType, isWhole: boolean): void {
    if (!draft.value) return
    before = { ...draft.value, labels: draft.value.labels.map((label) => ({ ...label })) }
    draft.value.config = tidied(config)
    if (isWhole) {
      draft.value.queue = task.queue === wanted.queue ? '' : task.queue
      const { [TITLE]: title, ...labels } = task.labels
      // One that was filled in from the config would not fit another config.
      draft.value.title = templateOf(wanted.config_schema) ? '' : (title ?? '')
      draft.value.labels = Object.entries(labels).map(([key, value]) => ({ key, value }))
      if (task.priority === wanted.priority) delete draft.value.priority
      else draft.value.priority = task.priority
    }
    source.value = task.task_id
    onFilled()
  }

  /** Takes the config of the task of this type that was submitted last, by anybody. */
  async function asLast(): Promise<void> {
    const name = type.value?.name
    if (name) await read(() => tasks.readLast(name), ['tasks', 0], false)
  }

  function undo(): void {
    if (draft.value && before) Object.assign(draft.value, { priority: undefined }, before)
    source.value = ''
    onFilled()
  }

  watch(
    [() => type.value?.name, from],
    async ([name, id], [nameBefore]) => {
      if (name !== nameBefore) {
        source.value = ''
        isNone.value = false
        problem.value = undefined
      }
      if (!name || !id) return
      await read(() => tasks.read(id), [], true)
      // Filled in once: a reload keeps what the reader has changed since.
      from.value = ''
    },
    { immediate: true },
  )

  return { source, isNone, problem, asLast, undo }
}
