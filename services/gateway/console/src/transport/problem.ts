// Errors of the REST API: problem documents (RFC 9457), and what fails before an answer comes.

import type { components } from './schema'

export type ProblemDocument = components['schemas']['Problem']

/** A request that was refused or did not arrive. `reason` is of the catalogue, or `UNREACHABLE`. */
export class Problem extends Error {
  readonly status: number
  readonly reason: string
  readonly requestId: string
  readonly violations: { field: string; description: string }[]

  constructor(document: Partial<ProblemDocument> & { detail: string; reason: string }) {
    super(document.detail)
    this.status = document.status ?? 0
    this.reason = document.reason
    this.requestId = document.request_id ?? ''
    this.violations = (document.violations ?? []) as { field: string; description: string }[]
  }

  /** Whether the same request would be refused again: it is wrong, and not only at this time. */
  get isForGood(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429
  }
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
  const { status, reason, message, requestId, violations } = problem
  return { status, reason, detail: message, request_id: requestId, violations }
}

/** Any thrown value as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem({ reason: 'UNREACHABLE', detail: error instanceof Error ? error.message : String(error) })
}
