// Calls of the REST API, typed by its OpenAPI document.

import createClient from 'openapi-fetch'

import { basePath } from './place'
import { asProblem, Problem, problemOf } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type Task = Schemas['Task']
export type TaskState = NonNullable<Task['task_status']>
export type Stage = Schemas['Stage']
export type Progress = Schemas['Progress']
export type Attempt = Schemas['Attempt']
export type AttemptResult = NonNullable<Attempt['result']>
export type Failure = Schemas['Failure']
export type Explanation = Schemas['Explanation']
export type ExplanationReason = Schemas['ExplanationReason']
export type TaskEvent = Schemas['TaskEvent']
export type LogLine = Schemas['LogLine']
export type LogLevel = NonNullable<LogLine['level']>
export type ManifestItem = Schemas['ManifestItem']
export type ItemState = NonNullable<ManifestItem['state']>
export type ManifestSummary = Schemas['ManifestSummary']
export type Executor = Schemas['Executor']
export type TaskType = Schemas['TaskType']
export type Queue = Schemas['Queue']
export type Overview = Schemas['Overview']

/** What can be asked of a task. */
export type Command = 'pause' | 'resume' | 'cancel' | 'restart' | 'delete'

export const http = createClient<paths>({ baseUrl: basePath })

let onSignedOut = () => {}

/** Calls `then` whenever a request is refused because no session is there, or it has ended. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then
}

export function noteRefusal(problem: Problem): Problem {
  if (problem.reason === 'TOKEN_REQUIRED') onSignedOut()
  return problem
}

/** The body of an answer. Raises Problem. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let given
  try {
    given = await call
  } catch (error) {
    throw asProblem(error)
  }
  if (!given.response.ok) throw noteRefusal(problemOf(given.error, given.response.status))
  return given.data as T
}
