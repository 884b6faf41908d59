// The part of a log that is in memory: it begins at the end, or at a line, and grows where the reader scrolls. At the
// end it follows; elsewhere new lines are only counted.

import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

import { oncePerFrame } from '@/stores/frames'
import { type LogFilter, type LogPage, type LogPlace, type LogWay, useLog } from '@/stores/log'
import { useReread } from '@/stores/reread'
import type { LogLine } from '@/transport/http'
import type { StreamPhase } from '@/transport/live_events'
import { asProblem, type Problem } from '@/transport/problem'

import { appended, has, MOST_LINES, placeOf, prepended } from './log_places'

/** Lines before and behind one that was asked for. */
const AROUND = 500

export function useLogWindow(
  taskId: Ref<string>,
  filter: Ref<LogFilter>,
  isFinal: Ref<boolean>,
  isFollowing: Ref<boolean>,
) {
  const log = useLog()
  const lines = shallowRef<LogLine[]>([])
  /** What is being read: `all` when nothing is shown yet. */
  const isReading = ref<'all' | 'older' | 'newer' | ''>('all')
  const isAtStart = ref(false)
  const isAtEnd = ref(false)
  /** New lines that the reader has not scrolled to. */
  const fresh = ref(0)
  /** Lines that were looked through for the first one that is wanted. */
  const lookedThrough = ref(0)
  const problem = shallowRef<Problem>()
  /** Of the stream of new lines. */
  const phase = ref<StreamPhase>('connecting')
  let round = 0
  let waiting: LogLine[] = []
  const applying = oncePerFrame(flush)
  let stopTail = () => {}

  /** Shows the end of the log, of which nothing is known yet. */
  function open(): Promise<void> {
    lines.value = []
    return toEnd()
  }

  /** Shows the end of the log; what is shown stays until it is there. */
  const toEnd = () => begin(async (mine) => {
    const found = await read(mine, { newestFirst: true })
    if (!found) return
    lines.value = found.lines.reverse()
    isAtStart.value = !found.more
    attach(found.resumeToken)
  })

  /** Shows a line with those around it, which may be in memory already. */
  async function toLine(place: LogPlace): Promise<void> {
    if (has(lines.value, place)) return
    await begin(async (mine) => {
      const [older, newer] = await Promise.all([
        read(mine, { newestFirst: true, from: { ...place, sequence: place.sequence - 1 }, size: AROUND }),
        read(mine, { from: place, size: AROUND }),
      ])
      if (!older || !newer) return
      lines.value = [...older.lines.reverse(), ...newer.lines]
      isAtStart.value = !older.more
      if (!newer.more) return attach(newer.resumeToken)
      isAtEnd.value = false
      // What comes at the end is only counted meanwhile.
      const end = isFinal.value ? undefined : await log.page(taskId.value, filter.value, { newestFirst: true, size: 1 })
      if (end && mine === round) tail(end.resume_token)
    })
  }

  const older = () => grow('older', async (mine) => {
    const first = placeOf(lines.value[0]!)
    const found = await read(mine, { newestFirst: true, from: { ...first, sequence: first.sequence - 1 } })
    if (!found) return
    const before = lines.value.length + found.lines.length
    lines.value = prepended(lines.value, found.lines.reverse())
    if (before > MOST_LINES) isAtEnd.value = false
    isAtStart.value = !found.more
  })

  const newer = () => grow('newer', async (mine) => {
    const last = placeOf(lines.value.at(-1)!)
    const found = await read(mine, { from: { ...last, sequence: last.sequence + 1 } })
    if (!found) return
    if (lines.value.length + found.lines.length > MOST_LINES) isAtStart.value = false
    lines.value = appended(lines.value, found.lines)
    if (!found.more) attach(found.resumeToken)
  })

  async function begin(work: (mine: number) => Promise<void>): Promise<void> {
    const mine = ++round
    stopTail()
    applying.cancel()
    waiting = []
    fresh.value = 0
    isAtEnd.value = false
    await guarded('all', mine, work)
  }

  async function grow(what: 'older' | 'newer', work: (mine: number) => Promise<void>): Promise<void> {
    const isDone = what === 'older' ? isAtStart.value : isAtEnd.value
    if (isReading.value || isDone || !lines.value.length) return
    await guarded(what, round, work)
  }

  async function guarded(what: 'all' | 'older' | 'newer', mine: number, work: (mine: number) => Promise<void>): Promise<void> {
    isReading.value = what
    lookedThrough.value = 0
    problem.value = undefined
    try {
      await work(mine)
    } catch (error) {
      if (mine === round) problem.value = asProblem(error)
    } finally {
      if (mine === round) isReading.value = ''
    }
  }

  /** Reads until a line is found or the log ends: one page may look through many lines of which none is wanted. */
  async function read(mine: number, way: LogWay): Promise<{ lines: LogLine[]; more: boolean; resumeToken: string } | undefined> {
    let resumeToken = ''
    for (let pageToken = ''; ; ) {
      const page: LogPage = await log.page(taskId.value, filter.value, { ...way, pageToken })
      if (mine !== round) return undefined
      lookedThrough.value += page.looked_through
      // Backwards the tail goes on behind the first page, and forwards behind the last one.
      if (!resumeToken || !way.newestFirst) resumeToken = page.resume_token
      pageToken = page.next_page_token
      if (page.lines.length || !pageToken) return { lines: page.lines, more: !!pageToken, resumeToken }
    }
  }

  function attach(resumeToken: string): void {
    isAtEnd.value = true
    fresh.value = 0
    tail(resumeToken)
  }

  let token = ''

  function tail(resumeToken: string): void {
    stopTail()
    token = resumeToken
    stopTail = log.follow(taskId.value, filter.value, resumeToken, {
      onLines: (found, behind) => {
        token = behind
        waiting.push(...found)
        applying.ask()
      },
      onPhase: (now) => (phase.value = now),
      onRefused: (refused) => (problem.value = refused),
    })
  }

  function flush(): void {
    const found = waiting
    waiting = []
    if (!found.length) return
    if (!isFollowing.value) fresh.value += found.length
    if (!isAtEnd.value) return
    // A reader who is elsewhere keeps what is on the screen, so the window stops growing at the end.
    if (!isFollowing.value && lines.value.length + found.length > MOST_LINES) isAtEnd.value = false
    else {
      if (lines.value.length + found.length > MOST_LINES) isAtStart.value = false
      lines.value = appended(lines.value, found)
    }
  }

  useReread(() => problem.value, () => lines.value.length || open())
  watch(isFollowing, (now) => {
    if (now && !isAtEnd.value && !isReading.value) void toEnd()
    if (now) fresh.value = 0
  })
  // The stream of a final task ends; a restart begins it again.
  watch(isFinal, (now, before) => {
    if (before && !now && token) tail(token)
  })
  onScopeDispose(() => {
    round += 1
    stopTail()
    applying.cancel()
  })

  return { lines, isReading, isAtStart, isAtEnd, fresh, lookedThrough, problem, phase, open, toLine, older, newer }
}
