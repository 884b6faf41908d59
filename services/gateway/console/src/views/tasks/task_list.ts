// The list of tasks behind the page: loaded in pages, patched by the stream, and never moved by itself.

import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { useReread } from '@/stores/reread'
import { matches, type TaskQuery } from '@/stores/task_query'
import { BEGINS_WITHIN_MS, useTasks } from '@/stores/tasks'
import type { Schemas, Task } from '@/transport/http'
import { asProblem, type Problem } from '@/transport/problem'

const PAGE_SIZE = 200
/** So many waiting tasks are told apart; of more it is only said that there are many. */
const MOST_FRESH = 1000

export function useTaskList(query: Ref<TaskQuery>) {
  const tasks = useTasks()
  const ids = shallowRef<readonly string[]>([])
  /** Tasks that belong into the list and came while it was shown: they wait until the reader asks for them. */
  const fresh = ref(new Set<string>())
  const isLoading = ref(true)
  const problem = shallowRef<Problem>()
  const next = ref('')
  /** Down to which time of submit tasks were looked at, where the search stopped before it found a full page. */
  const lookedBackTo = ref('')
  let shown = new Set<string>()
  let stop = () => {}
  let round = 0

  const rows = computed(() => ids.value.map((id) => tasks.byId.get(id)).filter((task) => task !== undefined))

  async function load(): Promise<void> {
    const mine = ++round
    stop()
    isLoading.value = true
    problem.value = undefined
    // The stream begins first, so that nothing is missed between the page and it.
    let isAwaited = true
    await new Promise<void>((resolve) => {
      const onBegin = () => (isAwaited ? resolve() : void readAgain())
      stop = tasks.watchMany(query.value, { onTask: note, onBegin })
      setTimeout(resolve, BEGINS_WITHIN_MS)
    })
    isAwaited = false
    if (mine === round) await readFirst(mine)
  }

  /** After a gap: a further page that is on its way would come behind the first one, without those between them. */
  const readAgain = () => readFirst(++round)

  async function readFirst(mine: number): Promise<void> {
    isLoading.value = true
    problem.value = undefined
    await read(mine, '', (page) => {
      show(page.tasks.map((task) => task.task_id))
      fresh.value = new Set([...fresh.value].filter((id) => !shown.has(id) && id > (ids.value[0] ?? '')))
    })
  }

  async function more(): Promise<void> {
    if (isLoading.value || !next.value) return
    isLoading.value = true
    problem.value = undefined
    await read(round, next.value, (page) => {
      const found = page.tasks.map((task) => task.task_id).filter((id) => !shown.has(id))
      if (found.length) show([...ids.value, ...found])
    })
  }

  async function read(mine: number, pageToken: string, take: (page: Schemas['ListTasksResponse']) => void): Promise<void> {
    try {
      const page = await tasks.list(query.value, pageToken, PAGE_SIZE)
      if (mine !== round) return
      take(page)
      next.value = page.next_page_token
      lookedBackTo.value = page.next_page_token && page.tasks.length < PAGE_SIZE ? (page.looked_back_to ?? '') : ''
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    } finally {
      if (mine === round) isLoading.value = false
    }
  }

  /** At the end of what is loaded. A search that found little goes on only when the reader asks for it. */
  const atEnd = () => (lookedBackTo.value || problem.value ? undefined : void more())

  function show(found: readonly string[]): void {
    ids.value = found
    shown = new Set(found)
  }

  function note(task: Task): void {
    if (shown.has(task.task_id)) return
    // Ids are in the order of submit: what is older than the last row comes with a later page.
    const isFurtherDown = !!next.value && task.task_id < (ids.value.at(-1) ?? '')
    if (isFurtherDown || !matches(task, query.value)) fresh.value.delete(task.task_id)
    else if (fresh.value.size < MOST_FRESH) fresh.value.add(task.task_id)
  }

  watch(
    query,
    () => {
      fresh.value = new Set()
      void load()
    },
    { immediate: true },
  )
  // Where there are rows, the reader asks for it: they would begin with the first page again.
  useReread(() => problem.value, () => rows.value.length || load())
  onScopeDispose(tasks.keep(() => ids.value))
  onScopeDispose(() => {
    round += 1
    stop()
  })

  return { ids, rows, fresh, isLoading, problem, lookedBackTo, hasMore: computed(() => !!next.value), load, more, atEnd }
}
