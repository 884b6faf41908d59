import { describe, expect, it } from 'vitest'

import { filledIn, fullNameOf, labelsOf, middleCut, nameOf, sidesOf, templateOf, titleOf } from './title'

const task = (labels: Record<string, string>) => ({ labels, task_type: 'backup_file', task_id: '01900000-0000-7000-8000-00000000beef' })

describe('the title of a task', () => {
  it('leads where there is one, and is not once more among the labels', () => {
    const titled = task({ title: '/a → /b', album: 'summer' })
    expect([nameOf(titled), fullNameOf(titled), labelsOf(titled)]).toEqual(['/a → /b', '/a → /b · backup_file …0000beef', ['album=summer']])
    const plain = task({})
    expect([titleOf(plain), nameOf(plain), fullNameOf(plain)]).toEqual(['', 'backup_file', 'backup_file …0000beef'])
    expect(nameOf(task({ title: ' \n ' }))).toBe('backup_file')
  })

  it('is one line', () => {
    expect(titleOf(task({ title: 'a\nb\u2028c\t d' }))).toBe('a b c d')
  })

  it('keeps both ends of each side where there is no room', () => {
    const source = `/volume1/${'x'.repeat(80)}/photos`
    const [from, to, ...more] = sidesOf(`${source} → /usb/photos`)
    expect(more).toEqual([])
    expect(from).toEqual({ head: source.slice(0, -12), tail: source.slice(-12) })
    expect(to).toEqual({ head: '/usb/p', tail: 'hotos' })
    expect(sidesOf(source)[0]?.tail).toBe(source.slice(-24))
    expect(sidesOf('📁📁')).toEqual([{ head: '📁', tail: '📁' }])
    expect(sidesOf('/home/תמונות')[0]?.tail).toBe('')
    expect([middleCut('abcdefg', 5), middleCut('abcde', 5), middleCut('📁📁📁', 2)]).toEqual(['ab…fg', 'abcde', '📁…'])
  })
})

describe('what a template makes of a config', () => {
  it('has the values that there are', () => {
    const config: Record<string, unknown> = { a: '/a', n: 5, yes: true, none: null, list: [1], empty: '' }
    const filled = (template: string) => filledIn(template, (field) => config[field])
    expect(filled('{a} → {b}')).toBe('/a → {b}')
    expect(filled('{n} {yes} {none} {list} {empty}')).toBe('5 true {none} {list} {empty}')
    expect(filled('{{{a}}} {{a}}')).toBe('{/a} {a}')
  })

  it('is in the schema', () => {
    expect(templateOf({ 'x-asynctask-title': '{a}' })).toBe('{a}')
    for (const schema of [undefined, null, true, {}, { 'x-asynctask-title': 5 }]) expect(templateOf(schema)).toBe('')
  })
})
