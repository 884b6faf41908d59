// The streams of all tabs. Tabs that read the same share one connection, and no more are open than leave room for
// requests: browsers allow six connections to a site under HTTP/1.1. What nobody looks at gives way first. A tab that is
// hidden for long is told nothing: its messages would wait without bound where the browser has frozen it.

import { HIDDEN_MS } from './stream_connection'
import type { StreamPhase, StreamReader } from './event_stream'
import { documentOf } from './problem'
import { type Replay, replayOf } from './replay'
import type { FromWorker, ToWorker } from './stream_messages'

export const MOST_OPEN = 4
/** A tab that answers none of so many beats, which is a minute, has crashed. Beats are counted, since no time is left of a sleep. */
const MOST_UNANSWERED = 30

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
  /** Beats since the tab was last heard. */
  unanswered: number
  /** Whether it is hidden for so long that it is told nothing. */
  isResting: boolean
  streams: Map<number, SharedStream>
  /** By stream, while the tab rests, what its replay had forgotten before. */
  forgotten: Map<SharedStream, number>
}

interface SharedStream {
  key: string
  held: HeldStream
  phase: StreamPhase
  /** Whether others have the connections. */
  isResting: boolean
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
    const tab: Tab = {
      say,
      isVisible: true,
      seenAt: this.now(),
      unanswered: 0,
      isResting: false,
      streams: new Map(),
      forgotten: new Map(),
    }
    return (message) => {
      this.tabs.add(tab)
      tab.unanswered = 0
      if (message.kind === 'open') this.open(tab, message.id, message.url)
      else if (message.kind === 'close') this.leave(tab, message.id)
      else if (message.kind === 'bye') this.drop(tab)
      else if (message.kind === 'visibility') {
        if (message.isVisible || tab.isVisible) tab.seenAt = this.now()
        tab.isVisible = message.isVisible
      }
      if (message.kind !== 'alive') this.share()
      // What begins without a connection says so, and what begins with one has no rest to tell of.
      if (message.kind === 'open' && tab.streams.get(message.id)?.isResting) tab.say({ kind: 'phase', id: message.id, phase: 'resting' })
    }
  }

  /** To be called every `BEAT_MS`. */
  beat(): void {
    for (const tab of this.tabs) {
      if (tab.isResting) continue
      tab.unanswered += 1
      if (tab.unanswered <= MOST_UNANSWERED) {
        tab.say({ kind: 'beat' })
        continue
      }
      // It may have been stopped only, by a dialog or a debugger: then it reads this when it goes on.
      this.drop(tab)
      tab.say({ kind: 'dropped' })
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
      this.sayWhole(tab, id, stream)
    }
    tab.streams.set(id, stream)
    if (tab.isResting && stream.replay) tab.forgotten.set(stream, stream.replay.forgotten)
    stream.readers.set(tab, (stream.readers.get(tab) ?? new Set()).add(id))
  }

  /** Tells a tab how things are. */
  private sayWhole(tab: Tab, id: number, stream: SharedStream): void {
    const whole = stream.replay?.whole()
    if (whole !== undefined) tab.say({ kind: 'message', id, message: whole })
    if (stream.phase !== 'resting') tab.say({ kind: 'phase', id, phase: stream.phase })
  }

  private begin(key: string, url: string, replay: Replay | undefined): SharedStream {
    const tellAll = (message: (id: number) => FromWorker, isTold = (_: Tab) => true) => {
      for (const [tab, ids] of stream.readers) if (isTold(tab)) for (const id of ids) tab.say(message(id))
    }
    // Without a replay nothing is left out: such a stream is the tab's own, and rests with it.
    const tell = (message: (id: number) => FromWorker) => tellAll(message, (tab) => !tab.isResting || !replay)
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
      onRefused: (problem) => tellAll((id) => ({ kind: 'refused', id, problem: documentOf(problem) })),
    })
    const stream: SharedStream = { key, held, phase: 'connecting', isResting: true, replay, readers: new Map() }
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
    tab.forgotten.delete(stream)
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
    for (const tab of this.tabs) this.settle(tab)
    const open = [...this.streams.values()].filter((stream) => stream.phase !== 'ended')
    const wanted = open.map((stream) => ({ stream, rank: this.rank(stream) }))
    wanted.sort((one, other) => other.rank - one.rank)
    wanted.forEach(({ stream, rank }, index) => {
      stream.isResting = rank < 0 || index >= MOST_OPEN
      stream.held.rest(stream.isResting)
    })
  }

  /** Lets a tab rest that is hidden for long, and tells it how things are once somebody looks again. */
  private settle(tab: Tab): void {
    const isResting = !tab.isVisible && this.now() - tab.seenAt >= HIDDEN_MS
    if (isResting === tab.isResting) return
    tab.isResting = isResting
    for (const [id, stream] of tab.streams) {
      if (!stream.replay) continue
      if (isResting) {
        tab.forgotten.set(stream, stream.replay.forgotten)
        tab.say({ kind: 'phase', id, phase: 'resting' })
      } else {
        if (tab.forgotten.get(stream) !== stream.replay.forgotten) tab.say({ kind: 'gap', id })
        this.sayWhole(tab, id, stream)
      }
    }
    if (!isResting) tab.forgotten.clear()
  }

  /** Below 0: nobody has looked for long. */
  private rank(stream: SharedStream): number {
    const ranks = [...stream.readers.keys()].map((tab) => {
      if (!tab.isVisible) return tab.isResting ? -1 : tab.seenAt
      // The state of tasks goes before their logs.
      return tab.seenAt + (stream.replay ? 3e15 : 1e15)
    })
    return Math.max(-1, ...ranks)
  }
}
