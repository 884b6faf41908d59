// Reads an event stream for a page: by the worker that all tabs of this browser share, where there is one; else by a
// connection of the page's own. Browsers allow six connections to a site, for all tabs together.

import { noteRefusal } from './http'
import { basePath } from './place'
import type { Problem } from './problem'
import { sharedStreams } from './shared_streams'
import { HIDDEN_MS, StreamConnection } from './stream_connection'

/**
 * `connecting`: never heard yet · `open` · `silent`: open, but nothing was heard for 2.5 s · `interrupted`: the gateway
 * answers, but its scheduler does not · `unread`: the scheduler answers, but the registry does not · `lost`: closed, tried again · `resting`: given back while nobody looks, or
 * while pages that are looked at more have all connections · `frozen`: closed, since the reader asked for it · `ended`:
 * there is nothing more to come.
 */
export type StreamPhase = 'connecting' | 'open' | 'silent' | 'interrupted' | 'unread' | 'lost' | 'resting' | 'frozen' | 'ended'

export interface StreamReader {
  /** A message, parsed. */
  onMessage(message: unknown): void
  onPhase(phase: StreamPhase): void
  /** The gateway's time in milliseconds. */
  onHeartbeat?(serverMs: number): void
  /** Changes were missed, so what is shown must be read again. */
  onGap?(): void
  /** The stream was refused for good. */
  onRefused?(problem: Problem): void
}

/**
 * Reads `path` until the returned function is called. A stream whose connection breaks goes on by itself. Where it must be
 * opened anew, `path` is asked for again: a path with the token of what came last loses nothing, and says nothing twice.
 */
export function readEvents(path: () => string, reader: StreamReader): () => void {
  const url = () => `${basePath}${path()}`
  const noting: StreamReader = {
    onMessage: (message) => reader.onMessage(message),
    onPhase: (phase) => reader.onPhase(phase),
    onHeartbeat: (serverMs) => reader.onHeartbeat?.(serverMs),
    onGap: () => reader.onGap?.(),
    onRefused: (problem) => reader.onRefused?.(noteRefusal(problem)),
  }
  return sharedStreams(readAlone)?.read(url, noting) ?? readAlone(url, noting)
}

/** A connection of this tab alone. */
function readAlone(url: () => string, reader: StreamReader): () => void {
  const stream = new StreamConnection(url(), reader)
  let hiding: ReturnType<typeof setTimeout> | undefined
  const onVisibility = () => {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(() => stream.rest(true), HIDDEN_MS)
    else stream.rest(false)
  }
  document.addEventListener('visibilitychange', onVisibility)
  // A tab that opens in the background, one of ten maybe, needs nothing until somebody looks.
  if (document.hidden) stream.rest(true)
  stream.start()
  return () => {
    clearTimeout(hiding)
    document.removeEventListener('visibilitychange', onVisibility)
    stream.close()
  }
}
