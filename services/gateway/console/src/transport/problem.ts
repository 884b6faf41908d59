// Errors of the REST API: problem documents (RFC 9457), and what fails before an answer comes.

import type { StreamPhase } from './event_stream'
import type { components } from './schema'

export type ProblemDocument = components['schemas']['Problem']

/** The part of the cluster that did not answer. */
export type SilentPart = 'gateway' | 'scheduler' | 'registry'

/** No answer of the gateway came. */
const NO_GATEWAY = 'NO_GATEWAY'

/** A request that was refused or did not arrive. `reason` is of the catalogue, or `NO_GATEWAY`. */
export class Problem extends Error {
  readonly status: number
  readonly reason: string
  readonly requestId: string
  /** Which service behind the scheduler did not answer; empty where the scheduler does not say. */
  readonly service: string
  /** For how long there had been no answer by then. */
  readonly silentMs: number
  readonly violations: { field: string; description: string }[]

  constructor(document: Partial<ProblemDocument> & { detail: string; reason: string }) {
    super(document.detail)
    this.status = document.status ?? 0
    this.reason = document.reason
    this.requestId = document.request_id ?? ''
    this.service = document.metadata?.['service'] ?? ''
    this.silentMs = Number(document.metadata?.['silent_ms'] ?? 0)
    this.violations = (document.violations ?? []) as { field: string; description: string }[]
  }

  /** What did not answer; undefined where something did. */
  get silentPart(): SilentPart | undefined {
    if (this.reason === NO_GATEWAY) return 'gateway'
    if (this.reason === 'UNREACHABLE') return 'scheduler'
    return this.service === 'registry' ? 'registry' : undefined
  }

  /** Whether the same request would be refused again: it is wrong, and not only at this time. */
  get isForGood(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429
  }
}

/** What a stream that ends by a problem is in; undefined where something answers. */
export function phaseOf(problem: Problem): StreamPhase | undefined {
  const part = problem.silentPart
  return part && ({ gateway: 'lost', scheduler: 'interrupted', registry: 'unread' } as const)[part]
}

/** The problem in the body of a refused request; a proxy in between may answer something else. */
export function problemOf(body: unknown, status: number): Problem {
  if (typeof body === 'object' && body !== null && 'reason' in body && 'detail' in body) {
    return new Problem(body as ProblemDocument)
  }
  return new Problem({ status, reason: `HTTP_${status}`, detail: typeof body === 'string' ? body.slice(0, 300) : '' })
}

/** The same as plain data, which a worker can send. */
export function documentOf(problem: Problem): Partial<ProblemDocument> & { detail: string; reason: string } {
  const { status, reason, message, requestId, service, violations } = problem
  return { status, reason, detail: message, request_id: requestId, metadata: { service }, violations }
}

/** Any thrown value as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem({ reason: NO_GATEWAY, detail: error instanceof Error ? error.message : String(error) })
}
