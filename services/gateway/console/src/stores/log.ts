// The log of a task: pages from any line in either direction, new lines as they come, and searches on the server.

import { defineStore } from 'pinia'

import { readEvents as readOnce } from '@/transport/event_stream'
import { readEvents, type StreamPhase } from '@/transport/live_events'
import { answer, http, type LogLevel, type LogLine, type Schemas } from '@/transport/http'
import type { Problem } from '@/transport/problem'

export interface LogFilter {
  stage?: string
  level?: LogLevel
}

/** A line, by its number within its attempt. */
export interface LogPlace {
  attempt: string
  sequence: number
}

export interface LogWay {
  newestFirst?: boolean
  /** Begin at this line. */
  from?: LogPlace
  pageToken?: string
  size?: number
}

export type LogPage = Schemas['ListTaskLogsResponse']
export type LogSearchStep = Schemas['SearchTaskLogsResponse']

export interface LogReader {
  /** New lines, and the token behind them. */
  onLines(lines: LogLine[], resumeToken: string): void
  onPhase(phase: StreamPhase): void
  onRefused(problem: Problem): void
}

export interface SearchReader<Step> {
  onStep(step: Step): void
  onEnd(): void
  onRefused(problem: Problem): void
}

const PAGE = 500
const DOWNLOAD_PAGE = 5000

export const useLog = defineStore('log', () => {
  function page(taskId: string, filter: LogFilter, way: LogWay, text = ''): Promise<LogPage> {
    const query = {
      page_size: way.size ?? PAGE,
      ...queryOf(filter),
      ...(text ? { text } : {}),
      ...(way.newestFirst ? { newest_first: true } : {}),
      ...(way.from ? { from_attempt: way.from.attempt, from_sequence: way.from.sequence } : {}),
      ...(way.pageToken ? { page_token: way.pageToken } : {}),
    }
    return answer(http.GET('/api/v1/tasks/{task_id}/logs', { params: { path: { task_id: taskId }, query } }))
  }

  /** Follows the lines behind a page until the returned function is called. */
  function follow(taskId: string, filter: LogFilter, resumeToken: string, reader: LogReader): () => void {
    let token = resumeToken
    const path = () => `${pathOf(taskId)}/tail?${new URLSearchParams({ ...queryOf(filter), resume_token: token })}`
    return readEvents(path, {
      onMessage: (message) => {
        const { lines, resume_token } = message as Schemas['TailTaskLogsResponse']
        token = resume_token || token
        reader.onLines(lines, token)
      },
      onPhase: reader.onPhase,
      onRefused: reader.onRefused,
    })
  }

  /** Searches until the end, or until the returned function is called. */
  function search(taskId: string, filter: LogFilter, text: string, reader: SearchReader<LogSearchStep>): () => void {
    let token = ''
    const path = () => `${pathOf(taskId)}/search?${new URLSearchParams({ ...queryOf(filter), text, ...resumed(token) })}`
    return readOnce(path, {
      onMessage: (message) => {
        const step = message as LogSearchStep
        token = step.resume_token || token
        reader.onStep(step)
      },
      onPhase: (phase) => {
        if (phase === 'ended') reader.onEnd()
      },
      onRefused: reader.onRefused,
    })
  }

  /** The lines as a text file, page by page: what was read is left to the browser, which may keep it on disk. */
  async function download(
    taskId: string,
    filter: LogFilter,
    text: string,
    onLines: (count: number) => void,
    signal: AbortSignal,
  ): Promise<Blob> {
    const parts: Blob[] = []
    let pageToken = ''
    let count = 0
    do {
      signal.throwIfAborted()
      const found = await page(taskId, filter, { size: DOWNLOAD_PAGE, pageToken }, text)
      parts.push(new Blob([found.lines.map(asText).join('')]))
      onLines((count += found.lines.length))
      pageToken = found.next_page_token
    } while (pageToken)
    return new Blob(parts, { type: 'text/plain;charset=utf-8' })
  }

  return { page, follow, search, download }
})

export function asText(line: LogLine): string {
  return `${line.time ?? ''} ${(line.level ?? 'info').toUpperCase().padEnd(7)} ${line.stage} ${line.message}\n`
}

const pathOf = (taskId: string) => `/api/v1/tasks/${encodeURIComponent(taskId)}/logs`

/** Where a stream that is opened anew goes on. */
export const resumed = (token: string): Record<string, string> => (token ? { resume_token: token } : {})

function queryOf({ stage, level }: LogFilter) {
  return { ...(stage ? { stage } : {}), ...(level ? { min_level: level } : {}) }
}
