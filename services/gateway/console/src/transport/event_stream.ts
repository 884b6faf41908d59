// One event stream of the gateway, opened again until it is closed.
//
// It is read with `fetch`: `EventSource` hides heartbeat comments, by which a silent connection is noticed, and the
// status of a refusal. After a break the stream goes on behind the last event that arrived (`Last-Event-ID`).

import { createParser, type EventSourceMessage } from 'eventsource-parser'

import { noteRefusal } from './http'
import { basePath } from './place'
import { asProblem, Problem, problemOf } from './problem'

/**
 * `connecting`: never heard yet · `open` · `silent`: open, but nothing was heard for 2.5 s · `interrupted`: the gateway
 * has lost its scheduler and tries again · `lost`: closed, tried again · `frozen`: closed, since the reader asked for
 * it · `ended`: there is nothing more to come.
 */
export type StreamPhase = 'connecting' | 'open' | 'silent' | 'interrupted' | 'lost' | 'frozen' | 'ended'

export interface StreamReader {
  /** A message, parsed. */
  onMessage(message: unknown): void
  onPhase(phase: StreamPhase): void
  /** The gateway's time in milliseconds. */
  onHeartbeat?(serverMs: number): void
  /** The token is too old: what was missed is lost, so what is shown must be read again. */
  onGap?(): void
  /** The stream was refused for good. */
  onRefused?(problem: Problem): void
}

/** Heartbeats come each second. */
const SILENT_MS = 2500
const FIRST_PAUSE_MS = 300
const LONGEST_PAUSE_MS = 5000
/** A tab that was hidden so long gives its connection back: browsers allow six to a site. */
const HIDDEN_MS = 30_000

/** Reads `path` until the returned function is called. */
export function readEvents(path: string, reader: StreamReader): () => void {
  const stream = new EventStream(`${basePath}${path}`, reader)
  stream.start()
  return () => stream.close()
}

class EventStream {
  private isClosed = false
  private isHidden = false
  private phase: StreamPhase = 'connecting'
  private token = ''
  private pauseMs = FIRST_PAUSE_MS
  private abort = new AbortController()
  private silence: ReturnType<typeof setTimeout> | undefined
  private hiding: ReturnType<typeof setTimeout> | undefined
  private wake = () => {}

  constructor(
    private readonly url: string,
    private readonly reader: StreamReader,
  ) {}

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility)
    void this.run()
  }

  close(): void {
    this.isClosed = true
    document.removeEventListener('visibilitychange', this.onVisibility)
    clearTimeout(this.hiding)
    this.hangUp()
  }

  private readonly onVisibility = () => {
    clearTimeout(this.hiding)
    if (document.hidden) {
      this.hiding = setTimeout(() => {
        this.isHidden = true
        this.hangUp()
      }, HIDDEN_MS)
    } else if (this.isHidden) {
      this.isHidden = false
      this.pauseMs = FIRST_PAUSE_MS
      this.wake()
    }
  }

  private hangUp(): void {
    clearTimeout(this.silence)
    this.abort.abort()
    this.wake()
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      if (this.isHidden) {
        await this.sleep()
        continue
      }
      try {
        if (await this.readOnce()) {
          clearTimeout(this.silence)
          return this.say('ended')
        }
      } catch (error) {
        if (this.isClosed) return
        const problem = noteRefusal(asProblem(error))
        if (problem.reason === 'TOKEN_EXPIRED') {
          this.token = ''
          this.reader.onGap?.()
        } else if (problem.status >= 400 && problem.status < 500 && problem.status !== 408 && problem.status !== 429) {
          clearTimeout(this.silence)
          this.say('ended')
          return this.reader.onRefused?.(problem)
        }
      }
      clearTimeout(this.silence)
      if (this.isClosed) return
      this.say('lost')
      await this.sleep(this.pauseMs)
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS)
    }
  }

  /** Reads one connection to its end; answers whether nothing more can come. */
  private async readOnce(): Promise<boolean> {
    this.abort = new AbortController()
    const headers: HeadersInit = { Accept: 'text/event-stream', ...(this.token ? { 'Last-Event-ID': this.token } : {}) }
    const response = await fetch(this.url, { headers, signal: this.abort.signal, cache: 'no-store' })
    if (!response.ok || !response.body) {
      const text = await response.text()
      throw problemOf(parsed(text), response.status)
    }
    let end: 'end' | 'stopping' | undefined
    const parser = createParser({
      onComment: (text) => {
        const serverMs = Number(text)
        if (serverMs > 0) this.reader.onHeartbeat?.(serverMs)
        if (this.phase !== 'interrupted') this.say('open')
      },
      onEvent: (event) => {
        end = this.take(event) ?? end
      },
    })
    const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader()
    this.listen()
    for (;;) {
      const { done, value } = await chunks.read()
      if (done || this.isClosed) break
      this.listen()
      parser.feed(value)
    }
    if (end === 'stopping') this.pauseMs = FIRST_PAUSE_MS
    return end === 'end'
  }

  private take(event: EventSourceMessage): 'end' | 'stopping' | undefined {
    if (event.event === 'problem') throw problemOf(parsed(event.data), 0)
    if (event.event === 'end' || event.event === 'stopping') return event.event
    if (event.event === 'interrupted') return void this.say('interrupted')
    if (event.id) this.token = event.id
    this.pauseMs = FIRST_PAUSE_MS
    this.say('open')
    this.reader.onMessage(parsed(event.data))
    return undefined
  }

  private listen(): void {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.say('silent'), SILENT_MS)
  }

  private say(phase: StreamPhase): void {
    if (this.isClosed || this.phase === phase) return
    this.phase = phase
    this.reader.onPhase(phase)
  }

  private sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
