// A tab's side of the worker that holds the streams of all tabs. Where the worker fails, the tab reads for itself.

import type { StreamReader } from './event_stream'
import { Problem } from './problem'
import { BEAT_MS, type FromWorker, type ToWorker } from './stream_messages'

type ReadAlone = (url: () => string, reader: StreamReader) => () => void

/** After so many looks without a beat the worker is given up. Looks are counted, since no time is left of a sleep. */
const MOST_MISSED = 5

interface SharedRead {
  /** Another one each time that the stream is opened: what is still on the way for the former one is not taken. */
  id: number
  url: () => string
  reader: StreamReader
  /** Ends the read of a tab that reads for itself. */
  stop?: () => void
}

let shared: SharedStreams | undefined

/** The streams of all tabs; undefined where there are no shared workers, or they failed. */
export function sharedStreams(readAlone: ReadAlone): SharedStreams | undefined {
  if (typeof SharedWorker === 'undefined') return undefined
  shared ??= new SharedStreams(readAlone)
  return shared.isAlone ? undefined : shared
}

class SharedStreams {
  isAlone = false
  private readonly reads = new Map<number, SharedRead>()
  private readonly port: MessagePort
  private missed = 0
  private count = 0

  constructor(private readonly readAlone: ReadAlone) {
    // A static address: the build makes a file of it, which the policy `worker-src 'self'` allows.
    const worker = new SharedWorker(new URL('./stream_worker.ts', import.meta.url), { type: 'module', name: 'streams' })
    worker.onerror = () => this.giveUp()
    this.port = worker.port
    this.port.onmessage = ({ data }: MessageEvent<FromWorker>) => this.take(data)
    this.send({ kind: 'visibility', isVisible: !document.hidden })
    document.addEventListener('visibilitychange', () => {
      this.missed = 0
      this.send({ kind: 'visibility', isVisible: !document.hidden })
    })
    // A page that is left may come back as it was.
    window.addEventListener('pagehide', () => this.send({ kind: 'bye' }))
    window.addEventListener('pageshow', (event) => event.persisted && this.openAll())
    setInterval(() => {
      if (document.hidden || !this.reads.size) return
      this.missed += 1
      if (this.missed > MOST_MISSED) this.giveUp()
    }, BEAT_MS)
  }

  read(url: () => string, reader: StreamReader): () => void {
    const read: SharedRead = { id: 0, url, reader }
    this.open(read)
    return () => {
      this.reads.delete(read.id)
      if (read.stop) read.stop()
      else this.send({ kind: 'close', id: read.id })
    }
  }

  private open(read: SharedRead): void {
    this.reads.delete(read.id)
    read.id = ++this.count
    this.reads.set(read.id, read)
    this.send({ kind: 'open', id: read.id, url: read.url() })
  }

  /** Opens all streams anew. What a watch by filter missed in between must be read again. */
  private openAll(): void {
    this.missed = 0
    this.send({ kind: 'visibility', isVisible: !document.hidden })
    for (const read of [...this.reads.values()]) {
      read.reader.onGap?.()
      // A page that was told of the gap may have closed this stream for another one.
      if (this.reads.get(read.id) === read) this.open(read)
    }
  }

  private take(said: FromWorker): void {
    if (said.kind === 'beat') {
      this.missed = 0
      return this.send({ kind: 'alive' })
    }
    if (said.kind === 'dropped') return this.openAll()
    const reader = this.reads.get(said.id)?.reader
    if (!reader) return
    if (said.kind === 'message') reader.onMessage(said.message)
    else if (said.kind === 'phase') reader.onPhase(said.phase)
    else if (said.kind === 'heartbeat') reader.onHeartbeat?.(said.serverMs)
    else if (said.kind === 'gap') reader.onGap?.()
    else reader.onRefused?.(new Problem(said.problem))
  }

  private giveUp(): void {
    if (this.isAlone) return
    this.isAlone = true
    this.send({ kind: 'bye' })
    this.port.onmessage = null
    for (const read of [...this.reads.values()]) {
      read.reader.onGap?.()
      if (this.reads.get(read.id) === read) read.stop = this.readAlone(read.url, read.reader)
    }
  }

  private send(message: ToWorker): void {
    if (!this.isAlone || message.kind === 'bye') this.port.postMessage(message)
  }
}
