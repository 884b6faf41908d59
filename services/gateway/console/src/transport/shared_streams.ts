// A tab's side of the worker that holds the streams of all tabs. Where the worker fails, the tab reads for itself.

import type { StreamReader } from './event_stream'
import { Problem } from './problem'
import { BEAT_MS, type FromWorker, type ToWorker } from './stream_messages'

type ReadAlone = (url: string, reader: StreamReader) => () => void

/** Without a beat for so long, the worker is given up. */
const SILENT_MS = 5 * BEAT_MS

interface SharedRead {
  url: string
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
  private beatAt = Date.now()
  private count = 0

  constructor(private readonly readAlone: ReadAlone) {
    // A static address: the build makes a file of it, which the policy `worker-src 'self'` allows.
    const worker = new SharedWorker(new URL('./stream_worker.ts', import.meta.url), { type: 'module', name: 'streams' })
    worker.onerror = () => this.giveUp()
    this.port = worker.port
    this.port.onmessage = ({ data }: MessageEvent<FromWorker>) => this.take(data)
    this.send({ kind: 'visibility', isVisible: !document.hidden })
    document.addEventListener('visibilitychange', () => {
      this.beatAt = Date.now()
      this.send({ kind: 'visibility', isVisible: !document.hidden })
    })
    // A page that is left may come back as it was.
    window.addEventListener('pagehide', () => this.send({ kind: 'bye' }))
    window.addEventListener('pageshow', (event) => event.persisted && this.openAll())
    setInterval(() => {
      if (!document.hidden && this.reads.size && Date.now() - this.beatAt > SILENT_MS) this.giveUp()
    }, BEAT_MS)
  }

  read(url: string, reader: StreamReader): () => void {
    const id = ++this.count
    const read: SharedRead = { url, reader }
    this.reads.set(id, read)
    this.send({ kind: 'open', id, url })
    return () => {
      this.reads.delete(id)
      if (read.stop) read.stop()
      else this.send({ kind: 'close', id })
    }
  }

  private openAll(): void {
    this.beatAt = Date.now()
    for (const [id, { url }] of this.reads) this.send({ kind: 'open', id, url })
    this.send({ kind: 'visibility', isVisible: !document.hidden })
  }

  private take(said: FromWorker): void {
    if (said.kind === 'beat') {
      this.beatAt = Date.now()
      return this.send({ kind: 'alive' })
    }
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
    for (const read of this.reads.values()) {
      // What a watch by filter missed in between must be read again.
      read.reader.onGap?.()
      read.stop = this.readAlone(read.url, read.reader)
    }
  }

  private send(message: ToWorker): void {
    if (!this.isAlone || message.kind === 'bye') this.port.postMessage(message)
  }
}
