// The log of a task: the stored lines, then new ones, from one stream. Only the latest lines stay in memory.

import { defineStore } from 'pinia'

import { readEvents, type StreamPhase } from '@/transport/live_events'
import { answer, http, type LogLevel, type LogLine, type Schemas } from '@/transport/http'
import type { Problem } from '@/transport/problem'

export interface LogFilter {
  stage?: string
  level?: LogLevel
}

export interface LogReader {
  onLines(lines: LogLine[]): void
  onPhase(phase: StreamPhase): void
  onRefused(problem: Problem): void
}

export const MOST_LINES = 5000

/** Equal texts are different lines, so a line is known by its place in its attempt. */
export const lineKey = (line: LogLine): string => `${line.attempt_id ?? ''} ${line.sequence}`

export const useLog = defineStore('log', () => {
  /** Follows the log until the returned function is called. A stream that begins again sends its lines again. */
  function follow(taskId: string, filter: LogFilter, reader: LogReader): () => void {
    const path = `/api/v1/tasks/${encodeURIComponent(taskId)}/logs/tail`
    const search = new URLSearchParams(queryOf(filter))
    return readEvents(search.size ? `${path}?${search}` : path, {
      onMessage: (message) => reader.onLines((message as Schemas['TailTaskLogsResponse']).lines),
      onPhase: reader.onPhase,
      onRefused: reader.onRefused,
    })
  }

  /** The whole log as a text file, page by page. */
  async function download(taskId: string, filter: LogFilter): Promise<Blob> {
    const parts: string[] = []
    let pageToken = ''
    do {
      const query = { page_size: 5000, ...queryOf(filter), ...(pageToken ? { page_token: pageToken } : {}) }
      const page = await answer(
        http.GET('/api/v1/tasks/{task_id}/logs', { params: { path: { task_id: taskId }, query } }),
      )
      parts.push(page.lines.map(asText).join(''))
      pageToken = page.next_page_token
    } while (pageToken)
    return new Blob(parts, { type: 'text/plain;charset=utf-8' })
  }

  return { follow, download }
})

function queryOf({ stage, level }: LogFilter) {
  return { ...(stage ? { stage } : {}), ...(level ? { min_level: level } : {}) }
}

function asText(line: LogLine): string {
  return `${line.time ?? ''} ${(line.level ?? 'info').toUpperCase().padEnd(7)} ${line.stage} ${line.message}\n`
}
