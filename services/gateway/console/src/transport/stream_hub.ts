// The streams of all tabs. Tabs that read the same share one connection, and no more are open than leave room for
// requests: browsers allow six connections to a site under HTTP/1.1. What nobody looks at gives way first.

import { HIDDEN_MS } from './stream_connection'
import type { StreamPhase, StreamReader } from './event_stream'
import { documentOf } from './problem'
import { type Replay, replayOf } from './replay'
import type { FromWorker, ToWorker } from './stream_messages'

export const MOST_OPEN = 4
/** A tab that is seen and answers no beat for so long has crashed. */
const GONE_MS = 60_000

export interface HeldStream {
  start(): void
  close(): void
  rest(isResting: boolean): void
}

interface Tab {
  say(message: FromWorker): void
  isVisible: boolean
  /** When it was last seen by somebody, or became so. */
  seenAt: number
  heardAt: number
  streams: Map<number, SharedStream>
}

interface SharedStream {
  key: string
  held: HeldStream
  phase: StreamPhase
  replay: Replay | undefined
  /** By tab, its numbers of this stream. */
  readers: Map<Tab, Set<number>>
}

export class StreamHub {
  private readonly tabs = new Set<Tab>()
  private readonly streams = new Map<string, SharedStream>()
  private count = 0

  constructor(
    private readonly hold: (url: string, reader: StreamReader) => HeldStream,
    private readonly now: () => number = Date.now,
  ) {}

  /** A tab comes; what is returned takes its messages. */
  join(say: (message: FromWorker) => void): (message: ToWorker) => void {
    const tab: Tab = { say, isVisible: true, seenAt: this.now(), heardAt: this.now(), streams: new Map() }
    return (message) => {
      this.tabs.add(tab)
      tab.heardAt = this.now()
      if (message.kind === 'open') this.open(tab, message.id, message.url)
      else if (message.kind === 'close') this.leave(tab, message.id)
      else if (message.kind === 'bye') this.drop(tab)
      else if (message.kind === 'visibility') {
        if (message.isVisible || tab.isVisible) tab.seenAt = this.now()
        tab.isVisible = message.isVisible
      }
      if (message.kind !== 'alive') this.share()
    }
  }

  /** To be called every `BEAT_MS`. */
  beat(): void {
    for (const tab of this.tabs) {
      if (tab.isVisible && this.now() - tab.heardAt > GONE_MS) this.drop(tab)
      else tab.say({ kind: 'beat' })
    }
    this.share()
  }

  private open(tab: Tab, id: number, url: string): void {
    const replay = replayOf(url)
    const key = replay ? url : `${url} ${++this.count}`
    let stream = this.streams.get(key)
    if (!stream || stream.phase === 'ended') {
      stream = this.begin(key, url, replay)
    } else {
      const whole = stream.replay?.whole()
      if (whole !== undefined) tab.say({ kind: 'message', id, message: whole })
      tab.say({ kind: 'phase', id, phase: stream.phase })
    }
    tab.streams.set(id, stream)
    stream.readers.set(tab, (stream.readers.get(tab) ?? new Set()).add(id))
  }

  private begin(key: string, url: string, replay: Replay | undefined): SharedStream {
    const tell = (message: (id: number) => FromWorker) => {
      for (const [tab, ids] of stream.readers) for (const id of ids) tab.say(message(id))
    }
    const held = this.hold(url, {
      onMessage: (message) => {
        replay?.take(message)
        tell((id) => ({ kind: 'message', id, message }))
      },
      onPhase: (phase) => {
        stream.phase = phase
        if (phase === 'lost' || phase === 'resting') replay?.restart(false)
        tell((id) => ({ kind: 'phase', id, phase }))
      },
      onHeartbeat: (serverMs) => tell((id) => ({ kind: 'heartbeat', id, serverMs })),
      onGap: () => {
        replay?.restart(true)
        tell((id) => ({ kind: 'gap', id }))
      },
      onRefused: (problem) => tell((id) => ({ kind: 'refused', id, problem: documentOf(problem) })),
    })
    const stream: SharedStream = { key, held, phase: 'connecting', replay, readers: new Map() }
    this.streams.set(key, stream)
    // It begins when there is room.
    held.rest(true)
    held.start()
    return stream
  }

  private leave(tab: Tab, id: number): void {
    const stream = tab.streams.get(id)
    if (!stream) return
    tab.streams.delete(id)
    const ids = stream.readers.get(tab)
    ids?.delete(id)
    if (!ids?.size) stream.readers.delete(tab)
    if (stream.readers.size) return
    stream.held.close()
    if (this.streams.get(stream.key) === stream) this.streams.delete(stream.key)
  }

  private drop(tab: Tab): void {
    for (const id of [...tab.streams.keys()]) this.leave(tab, id)
    this.tabs.delete(tab)
  }

  /** Gives the connections to what is looked at, then to what was seen last. */
  private share(): void {
    const wanted = [...this.streams.values()].map((stream) => ({ stream, rank: this.rank(stream) }))
    wanted.sort((one, other) => other.rank - one.rank)
    wanted.forEach(({ stream, rank }, index) => stream.held.rest(rank < 0 || index >= MOST_OPEN))
  }

  /** Below 0: nobody has looked for long. */
  private rank(stream: SharedStream): number {
    const ranks = [...stream.readers.keys()].map((tab) => {
      if (!tab.isVisible) return this.now() - tab.seenAt < HIDDEN_MS ? tab.seenAt : -1
      // The state of tasks goes before their logs.
      return tab.seenAt + (stream.replay ? 3e15 : 1e15)
    })
    return Math.max(-1, ...ranks)
  }
}
