// One event stream of the gateway, opened again until it is closed. It knows nothing of the page, so it works in the
// page and in the worker that all tabs share.
//
// It is read with `fetch`: `EventSource` hides heartbeat comments, by which a silent connection is noticed, and the
// status of a refusal. After a break the stream goes on behind the last event that arrived (`Last-Event-ID`).

import { createParser, type EventSourceMessage } from 'eventsource-parser'

import type { StreamPhase, StreamReader } from './event_stream'
import { asProblem, phaseOf, problemOf } from './problem'

/** A tab that was hidden so long gives its connections back. */
export const HIDDEN_MS = 30_000
/** Heartbeats come each second. */
const SILENT_MS = 2500
/** A connection that says nothing for so long is closed, and another one opened: this one may never end by itself. */
const DEAD_MS = 10_000
const FIRST_PAUSE_MS = 300
const LONGEST_PAUSE_MS = 5000

export class StreamConnection {
  private isClosed = false
  private isResting = false
  private phase: StreamPhase = 'connecting'
  private token = ''
  private pauseMs = FIRST_PAUSE_MS
  private abort = new AbortController()
  private silence: ReturnType<typeof setTimeout> | undefined
  private death: ReturnType<typeof setTimeout> | undefined
  private wake = () => {}

  constructor(
    private readonly url: string,
    private readonly reader: StreamReader,
  ) {}

  start(): void {
    void this.run()
  }

  close(): void {
    this.isClosed = true
    this.hangUp()
  }

  /** Gives the connection back until it is wanted again; then the stream goes on where it was. */
  rest(isResting: boolean): void {
    if (this.isResting === isResting) return
    this.isResting = isResting
    this.pauseMs = FIRST_PAUSE_MS
    if (isResting) this.hangUp()
    else this.wake()
  }

  private hangUp(): void {
    this.stopListening()
    this.abort.abort()
    this.wake()
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      if (this.isResting) {
        this.say('resting')
        await this.sleep()
        continue
      }
      let phase: StreamPhase = 'lost'
      try {
        if (await this.readOnce()) return this.say('ended')
      } catch (error) {
        if (this.isClosed) return
        const problem = asProblem(error)
        phase = phaseOf(problem) ?? phase
        if (problem.reason === 'TOKEN_EXPIRED') {
          this.token = ''
          this.reader.onGap?.()
        } else if (problem.isForGood) {
          this.say('ended')
          return this.reader.onRefused?.(problem)
        }
      } finally {
        this.stopListening()
      }
      if (this.isClosed || this.isResting) continue
      this.say(phase)
      await this.sleep(this.pauseMs)
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS)
    }
  }

  /** Reads one connection to its end; answers whether nothing more can come. */
  private async readOnce(): Promise<boolean> {
    this.abort = new AbortController()
    const headers: HeadersInit = { Accept: 'text/event-stream', ...(this.token ? { 'Last-Event-ID': this.token } : {}) }
    if (this.phase === 'resting') this.say('connecting')
    this.listen()
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
        if (!this.isOutage()) this.say('open')
      },
      onEvent: (event) => {
        end = this.take(event) ?? end
      },
    })
    const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader()
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
    // Too much waited for a page that reads slowly: it comes again with its token.
    if (event.event === 'resume') return 'stopping'
    if (event.event === 'interrupted') return void this.say(phaseOf(problemOf(parsed(event.data), 0)) ?? 'interrupted')
    if (event.id) this.token = event.id
    this.pauseMs = FIRST_PAUSE_MS
    this.say('open')
    this.reader.onMessage(parsed(event.data))
    return undefined
  }

  /** Waits for the next sign of the gateway, which may be that of a connection that is not open yet. */
  private listen(): void {
    this.stopListening()
    // While it is lost, a new connection that says nothing is nothing new.
    this.silence = setTimeout(() => this.phase === 'lost' || this.say('silent'), SILENT_MS)
    this.death = setTimeout(() => this.abort.abort(), DEAD_MS)
  }

  /** Whether something behind the gateway does not answer, so that its heartbeats are no good news. */
  private isOutage(): boolean {
    return this.phase === 'interrupted' || this.phase === 'unread'
  }

  private stopListening(): void {
    clearTimeout(this.silence)
    clearTimeout(this.death)
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
