// What tabs and the worker that holds their streams tell each other.

import type { StreamPhase } from './event_stream'
import type { ProblemDocument } from './problem'

/** `id` is the tab's own number of a stream. */
export type ToWorker =
  | { kind: 'open'; id: number; url: string }
  | { kind: 'close'; id: number }
  | { kind: 'visibility'; isVisible: boolean }
  /** The answer to a beat: a tab that crashed says nothing, and its streams are closed. */
  | { kind: 'alive' }
  | { kind: 'bye' }

export type FromWorker =
  | { kind: 'message'; id: number; message: unknown }
  | { kind: 'phase'; id: number; phase: StreamPhase }
  | { kind: 'heartbeat'; id: number; serverMs: number }
  | { kind: 'gap'; id: number }
  | { kind: 'refused'; id: number; problem: Partial<ProblemDocument> & { detail: string; reason: string } }
  /** The worker lives: a tab that hears none for long reads its streams itself. */
  | { kind: 'beat' }
  /** The worker has closed the tab's streams, since the tab had said nothing for long. It opens them again. */
  | { kind: 'dropped' }

export const BEAT_MS = 2000
