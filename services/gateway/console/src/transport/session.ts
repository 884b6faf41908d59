// The session of this browser. It is the gateway's own, so the OpenAPI document does not have it.

import { basePath } from './place'
import { asProblem, problemOf } from './problem'

export interface SessionState {
  needs_token: boolean
  signed_in: boolean
}

export const look = () => call('GET')
export const signIn = (token: string) => call('POST', { token })
export const signOut = () => call('DELETE')

async function call(method: string, body?: unknown): Promise<SessionState> {
  const headers: HeadersInit = body === undefined ? {} : { 'Content-Type': 'application/json' }
  let response: Response
  try {
    response = await fetch(`${basePath}/api/session`, { method, headers, body: body ? JSON.stringify(body) : null })
  } catch (error) {
    throw asProblem(error)
  }
  const answer: unknown = await response.json().catch(() => '')
  if (!response.ok) throw problemOf(answer, response.status)
  return answer as SessionState
}
