import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { en } from '@/i18n/en'
import type { Health, HealthCheck, ReplicaState } from '@/transport/http'

import { inFormerOrder, loopLines, OWN_CHECK, plainCause, sayHealth, sentencesOf, valuesOf, withOwnCheck } from './health'

const check = (given: Partial<HealthCheck>) => ({ name: 'redis', level: 'ok', fact: 'well', values: {}, ...given }) as HealthCheck
const health = (level: Health['level'], ...checks: HealthCheck[]) => ({ level, checks }) as Health

describe('the health', () => {
  it('is one sentence about the worst', () => {
    expect(sayHealth(health('ok', check({}))).key).toBe('health.all_well')
    const two = [check({ level: 'broken' }), check({ level: 'attention' }), check({ level: 'ok' })]
    expect(sayHealth(health('broken', ...two))).toEqual({ key: 'health.level.broken', values: { count: 1 } })
  })

  it('names no calls in a cause', () => {
    expect(plainCause('Redis did not answer SETRANGE / store_state in time')).toBe('Redis did not answer in time')
    expect(plainCause('the registry did not answer CheckStore: Deadline')).toBe('the registry did not answer: Deadline')
    expect(plainCause('the scheduler did not answer within 3 s')).toBe('the scheduler did not answer within 3 s')
  })

  it('says when tasks wait that no executor runs, as badly as the overview does', () => {
    const lanes = [{ queue: 'media', type: 'transcode', depth: 3 }]
    const found = withOwnCheck(health('ok', check({})), lanes, 'attention')
    expect(found).toMatchObject({ level: 'attention', checks: [{ name: 'executors', fact: 'unserved', values: { count: '3', types: 'transcode' } }, { name: 'redis' }] })
    expect(withOwnCheck(health('ok', check({})), lanes, 'broken').checks[0]?.fact).toBe('none')
    expect(withOwnCheck(health('broken', check({ level: 'broken' })), [], 'broken')).toMatchObject({ level: 'broken', checks: [{ name: 'redis' }, { fact: 'serving' }] })
  })

  it('has sentences for every fact of the contract, and no others', () => {
    const contract = readFileSync(join(import.meta.dirname, '../../../../../protos/asynctask/scheduler/v1/health_service.proto'), 'utf-8')
    const comment = contract.replace(/\/\//g, ' ').replace(/\s+/g, ' ')
    const list = comment.split('What was found, as one word. Of ')[1]!.split(' More come with')[0]!
    const named = list.split(' Of ').flatMap((part) => {
      const [names, facts] = part.split(': ') as [string, string]
      const words = [...facts.matchAll(/`(\w+)`/g)].map((match) => match[1])
      return names.split(' and ').flatMap((name) => words.map((word) => `${name}.${word}`))
    })
    const ofServer = Object.entries(en.health.check).filter(([name]) => name !== OWN_CHECK)
    const written = ofServer.flatMap(([name, facts]) => Object.keys(facts).map((fact) => `${name}.${fact}`))
    expect(written.sort()).toEqual(named.sort())
  })

  it('has words for every finding of the doctor', () => {
    const contract = readFileSync(join(import.meta.dirname, '../../../../../protos/asynctask/scheduler/v1/doctor_service.proto'), 'utf-8')
    const kinds = contract.split('message Finding {')[1]!.split('string kind')[0]!.matchAll(/`(\w+)`/g)
    expect(Object.keys(en.health.finding).sort()).toEqual([...kinds].map((match) => match[1]).sort())
  })

  it('says counts as numbers, so that one is not many', () => {
    expect(valuesOf(check({ values: { count: '1', reason: 'x', late: '2' } }))).toEqual({ count: 1, reason: 'x', late: '2' })
    expect(sentencesOf(check({ fact: 'slow' }))).toBe('health.check.redis.slow')
  })

  it('keeps its order while somebody points at it', () => {
    const checks = [check({ name: 'redis' }), check({ name: 'loops' }), check({ name: 'new' })]
    expect(inFormerOrder(checks, ['loops', 'redis']).map((one) => one.name)).toEqual(['loops', 'redis', 'new'])
  })

  it('shows each loop as the worst replica has it', () => {
    const loop = (name: string, failures: number, last_success_ms?: number) => ({ name, interval_ms: 1000, failures, error: failures ? 'x' : '', last_success_ms })
    const replicas = [
      { service: 'scheduler', loops: [loop('sweep', 0, 5), loop('timers', 0, 1)] },
      { service: 'scheduler', loops: [loop('sweep', 0, 9), loop('timers', 4)] },
    ] as unknown as ReplicaState[]
    const lines = loopLines(replicas)
    expect(lines.map(({ name, failures, lastSuccessMs, replicas: count }) => [name, failures, lastSuccessMs, count])).toEqual([
      ['timers', 4, undefined, 2],
      ['sweep', 0, 9, 2],
    ])
  })
})
