// Event streams of the page, all of which the reader can freeze at once: they are closed, and begin again afterwards.

import { readEvents as readAlways, type StreamPhase, type StreamReader } from './event_stream'

export type { StreamPhase, StreamReader }

let isFrozen = false
const open = new Set<LiveEvents>()

/** Closes all streams of the page and those that begin later, until it is called with false. */
export function freezeEvents(frozen: boolean): void {
  isFrozen = frozen
  for (const events of open) events.follow()
}

/** Reads `path` until the returned function is called. It is asked for each time that the stream begins. */
export function readEvents(path: () => string, reader: StreamReader): () => void {
  const events = new LiveEvents(path, reader)
  open.add(events)
  events.follow()
  return () => {
    open.delete(events)
    events.close()
  }
}

class LiveEvents {
  private stop: (() => void) | undefined
  private wasFrozen = false

  constructor(
    private readonly path: () => string,
    private readonly reader: StreamReader,
  ) {}

  /** Opens or closes the stream. After a break nothing is known of the time between, so what is shown is read again. */
  follow(): void {
    if (isFrozen) {
      this.close()
      this.wasFrozen = true
      this.reader.onPhase('frozen')
    } else if (!this.stop) {
      this.stop = readAlways(this.path, this.reader)
      if (this.wasFrozen) this.reader.onGap?.()
      this.wasFrozen = false
    }
  }

  close(): void {
    this.stop?.()
    this.stop = undefined
  }
}
