import { describe, expect, it } from 'vitest'

import { curlLine, quoted, submitBody, submitLine, withAddress, executorLine } from './command'

describe('a command', () => {
  it('names the address of its cluster where it would look elsewhere', () => {
    expect(withAddress('127.0.0.1:7700', './dev cli list')).toBe('ASYNCTASK_ADDRESS=127.0.0.1:7700 ./dev cli list')
    expect(withAddress('[::1]:7600', './dev cli list')).toBe("ASYNCTASK_ADDRESS='[::1]:7600' ./dev cli list")
    expect(withAddress('127.0.0.1:7600', './dev cli list')).toBe('./dev cli list')
    expect(withAddress('', './dev cli list')).toBe('./dev cli list')
  })
})

describe('what will be sent', () => {
  const submission = { taskType: 'hello', config: '{"name": "it\'s", "big": 12345678901234567890}', priority: 1, labels: { team: 'a b' } }

  it('is what is written, quoted for a shell', () => {
    expect(quoted('plain/path')).toBe('plain/path')
    const body = submitBody(submission)
    expect(body).toBe(
      '{"task_type": "hello", "task_config": {"name": "it\'s", "big": 12345678901234567890}, "priority": 1, "labels": {"team":"a b"}}',
    )
    expect(curlLine('http://nas:7680/api/v1/tasks', body, false)).toContain(`"it'\\''s"`)
    expect(submitLine(submission)).toContain("--label 'team=a b'")
  })
})

describe('the command that starts an executor', () => {
  it('names the queue that the type does not, and a module where it is known', () => {
    expect(executorLine('backup_file', 'urgent')).toEqual({ command: './dev cli executor asynctask_nas:backup_file --queue urgent', isModuleUnknown: false })
    expect(executorLine('report', '')).toEqual({ command: './dev cli executor MODULE:NAME', isModuleUnknown: true })
  })
})
