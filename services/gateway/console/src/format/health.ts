// What is said about the health of the cluster.

import type { Health, HealthCheck, HealthLevel, ReplicaState } from '@/transport/http'

import type { IconName } from './icon'
import { said, type Said } from './said'
import type { Lane } from './serving'

export interface LevelLook {
  icon: IconName
  colour: string
}

export const LEVEL_LOOKS: Record<HealthLevel, LevelLook> = {
  ok: { icon: 'tick', colour: 'var(--state-completed)' },
  unknown: { icon: 'help', colour: 'var(--state-grey)' },
  attention: { icon: 'warning', colour: 'var(--state-paused)' },
  broken: { icon: 'cross', colour: 'var(--state-failed)' },
}

export const levelOf = (check: HealthCheck): HealthLevel => check.level ?? 'unknown'

/** The key of a check's sentences: `message`, `effect` and `repair` stand below it. */
export const sentencesOf = (check: HealthCheck): string => `health.check.${check.name}.${check.fact}`

/** A cause without the call that found it, which only logs need: `Redis did not answer SETRANGE: …`. */
export const plainCause = (text: string) => text.replace(/did not answer (?!in time|within)\w+( \/ \w+)?/, 'did not answer')

/** What a check names, as numbers where it counts: `count` chooses between one and many. */
export function valuesOf(check: HealthCheck): Said['values'] {
  return Object.fromEntries(
    Object.entries(check.values ?? {}).map(([name, text]) => [name, name === 'count' && /^\d+$/.test(text) ? Number(text) : plainCause(text)]),
  )
}

/** The check that the page makes by itself: the schedulers do not ask which executor could run what waits. */
export const OWN_CHECK = 'executors'
const WORST_FIRST: readonly HealthLevel[] = ['broken', 'attention', 'unknown', 'ok']

/** The health with the page's own check in its place. */
export function withOwnCheck(health: Health, lanes: readonly Lane[], laneLevel: HealthLevel): Health {
  const level = lanes.length ? laneLevel : 'ok'
  const fact = level === 'ok' ? 'serving' : level === 'broken' ? 'none' : 'unserved'
  const values = {
    count: String(lanes.reduce((sum, lane) => sum + lane.depth, 0)),
    types: [...new Set(lanes.map((lane) => lane.type))].join(', '),
  }
  const own: HealthCheck = { name: OWN_CHECK, level, fact, values, message: '', effect: '', repair: '' }
  const place = (check: HealthCheck) => WORST_FIRST.indexOf(levelOf(check))
  const checks = [...health.checks, own].sort((a, b) => place(a) - place(b))
  return { ...health, checks, level: levelOf(checks[0] ?? own) }
}

/** The one sentence of the page: how many checks are not well, by the worst of them. */
export function sayHealth(health: Health): Said {
  const bad = health.checks.filter((check) => levelOf(check) !== 'ok')
  if (!bad.length) return said('health.all_well')
  return said(`health.level.${health.level ?? 'unknown'}`, { count: bad.filter((check) => check.level === health.level).length })
}

/** Keeps the order of what is shown while somebody points at it: new checks go to the end. */
export function inFormerOrder(checks: readonly HealthCheck[], former: readonly string[]): HealthCheck[] {
  const place = new Map(former.map((name, index) => [name, index]))
  return [...checks].sort((a, b) => (place.get(a.name) ?? former.length) - (place.get(b.name) ?? former.length))
}

export interface LoopLine {
  key: string
  name: string
  service: string
  intervalMs: number
  /** Replicas that run it. */
  replicas: number
  /** Age of the oldest last success among them; undefined if one has never succeeded. */
  lastSuccessMs: number | undefined
  failures: number
  error: string
}

/** The loops of all replicas by service and name, each as the worst replica has it. Those that fail come first. */
export function loopLines(replicas: readonly ReplicaState[]): LoopLine[] {
  const lines = new Map<string, LoopLine>()
  for (const replica of replicas) {
    for (const loop of replica.loops) {
      const key = `${replica.service} ${loop.name}`
      const line = lines.get(key)
      const lastSuccessMs = loop.last_success_ms
      if (!line) {
        const { name, failures, error } = loop
        lines.set(key, { key, name, service: replica.service, intervalMs: loop.interval_ms, replicas: 1, lastSuccessMs, failures, error })
        continue
      }
      line.replicas += 1
      if (loop.failures > line.failures) Object.assign(line, { failures: loop.failures, error: loop.error })
      line.lastSuccessMs =
        line.lastSuccessMs === undefined || lastSuccessMs === undefined ? undefined : Math.max(line.lastSuccessMs, lastSuccessMs)
    }
  }
  return [...lines.values()].sort(
    (a, b) => Number(b.failures > 0) - Number(a.failures > 0) || b.service.localeCompare(a.service) || a.name.localeCompare(b.name),
  )
}
