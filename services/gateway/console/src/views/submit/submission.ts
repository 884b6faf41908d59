// What will be sent, and its sending: the draft of the chosen type becomes one request.

import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { submitBody, type Submission } from '@/format/command'
import { TITLE } from '@/format/title'
import { useSay } from '@/i18n/say'
import { fieldsOf, flat, type Field } from '@/schema/fields'
import { compact, mistakeIn } from '@/schema/json_text'
import { pathText, sortViolations, type Violation } from '@/schema/violations'
import { useClock } from '@/stores/clock'
import { givenLabels, useDrafts, type Draft } from '@/stores/drafts'
import { usePreferences } from '@/stores/preferences'
import { useTasks } from '@/stores/tasks'
import type { TaskType } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'
import { newRequestId } from '@/transport/request_id'

import { useChecks } from './checks'
import { provideDocument } from './config_document'

const BESIDE = ['priority', 'queue', 'start_time', 'labels', 'task_type']

interface Submitted {
  taskId: string
  name: string
}

export function useSubmission(type: Ref<TaskType | undefined>) {
  const say = useSay()
  const clock = useClock()
  const drafts = useDrafts()
  const tasks = useTasks()

  const draft = ref<Draft>()
  const text = computed({
    get: () => draft.value?.config ?? '{}',
    set: (changed) => {
      if (draft.value) draft.value.config = changed
    },
  })
  const schema = computed(() => type.value?.config_schema)
  const preferences = usePreferences()
  const fields = computed(() => fieldsOf(schema.value, preferences.language))
  const checks = useChecks(schema, fields, text)
  const config = provideDocument(text, checks)

  const problem = shallowRef<Problem>()
  /** What is wrong and belongs to no field. */
  const others = shallowRef<Violation[]>([])
  const isBusy = ref(false)
  const submitted = shallowRef<Submitted>()
  // The last request and its id. An unchanged request keeps its id until it is answered, so that it makes one task.
  let last = { body: '', id: '' }
  // The type whose draft is just what was submitted. It ends with the page: the next task begins with an empty form.
  let sentType = ''
  watch(draft, () => (sentType = ''), { deep: true, flush: 'sync' })
  onScopeDispose(() => sentType && drafts.forget(sentType))

  function clearNotes(): void {
    problem.value = undefined
    others.value = []
    config.errors.value = new Map()
    submitted.value = undefined
    checks.forget()
  }

  watch(
    () => type.value?.name,
    (name) => {
      draft.value = name ? drafts.of(name) : undefined
      clearNotes()
    },
    { immediate: true },
  )

  const submission = computed<Submission | undefined>(() => {
    const given = draft.value
    if (!type.value || !given || mistakeIn(given.config)) return undefined
    return {
      taskType: type.value.name,
      config: compact(given.config),
      ...(given.priority ? { priority: given.priority } : {}),
      ...(given.queue ? { queue: given.queue } : {}),
      ...(given.startTime ? { startTime: given.startTime } : {}),
      labels: Object.fromEntries([
        ...givenLabels(given).map(({ key, value }) => [key, value]),
        ...(given.title ? [[TITLE, given.title]] : []),
      ]),
    }
  })

  /** The id of the new task; undefined when it was refused, or something is missing. */
  async function send(): Promise<string | undefined> {
    if (!submission.value || isBusy.value) return undefined
    clearNotes()
    const missing = missingIn(fields.value ?? [])
    if (missing.length) {
      config.errors.value = new Map(missing.map((field) => [pathText(field.path), [say.t('submit.is_required')]]))
      return undefined
    }
    const body = submitBody(submission.value)
    if (body !== last.body) last = { body, id: newRequestId(clock.exactly()) }
    isBusy.value = true
    try {
      const taskId = await tasks.submit(body, last.id)
      last = { body: '', id: '' }
      sentType = submission.value.taskType
      drafts.noteSubmitted(sentType)
      submitted.value = { taskId, name: submission.value.labels[TITLE] ?? submission.value.taskType }
      return taskId
    } catch (error) {
      take(asProblem(error))
      return undefined
    } finally {
      isBusy.value = false
    }
  }

  function take(refused: Problem): void {
    problem.value = refused
    const sorted = sortViolations(refused.violations, fields.value ?? [], BESIDE)
    config.errors.value = sorted.byField
    others.value = sorted.others
  }

  function missingIn(all: readonly Field[]): Field[] {
    return all.flatMap((field) => {
      const value = config.value(field.path)
      if (value === undefined) return field.isRequired ? [field] : []
      return field.input.kind === 'group' && value !== null ? missingIn(field.input.fields) : []
    })
  }

  function clear(): void {
    if (!type.value) return
    drafts.forget(type.value.name)
    draft.value = drafts.of(type.value.name)
    clearNotes()
  }

  /** The fields that have errors, by the names that people read. */
  const wrong = computed(() => {
    const titles = new Map(flat(fields.value ?? []).map((field) => [pathText(field.path), field.title || field.path.join('.')]))
    return [...config.errors.value.keys()].map((name) => ({
      name,
      label: titles.get(name) ?? say.t(name === 'task_type' ? 'submit.type' : `submit.${name}`),
    }))
  })

  return { draft, config, fields, wrong, submission, problem, others, isBusy, submitted, send, clear, clearNotes }
}
