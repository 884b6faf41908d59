import { describe, expect, it } from 'vitest'

import { faultsIn } from './faults'
import { fieldsOf, type Field } from './fields'
import { fits } from './fits'
import { compact, mistakeIn, textAt, tidied, valueAt, withText, withValue } from './json_text'
import { sortViolations } from './violations'
import { describedPattern, typeDescription } from './words'

const SCHEMA = {
  $ref: '#/$defs/Shot',
  $defs: {
    Shot: {
      type: 'object',
      properties: {
        folder: { type: 'string', description: 'Folder with the pictures.', examples: ['/photos'] },
        size: { enum: ['small', 'large'], default: 'small' },
        quality: { type: 'integer', minimum: 1, maximum: 100, default: 80 },
        limit: { anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }], default: null },
        mounts: { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'string' } }] },
        where: { anyOf: [{ $ref: '#/$defs/Point' }, { type: 'null' }] },
        names: { type: 'array', items: { type: 'string' } },
        again: { $ref: '#/$defs/Shot' },
      },
      required: ['folder'],
    },
    Point: { type: 'object', properties: { lat: { type: 'number' } }, required: ['lat'] },
  },
}

const named = (fields: Field[] | undefined, name: string) => fields?.find((field) => field.name === name)

describe('a form made from a schema', () => {
  const fields = fieldsOf(SCHEMA)

  it('has an input for what it can draw', () => {
    expect(fields?.map((field) => [field.name, field.input.kind])).toEqual([
      ['folder', 'text'],
      ['size', 'choice'],
      ['quality', 'number'],
      ['limit', 'number'],
      ['mounts', 'either'],
      ['where', 'group'],
      ['names', 'texts'],
      ['again', 'group'],
    ])
    expect(named(fields, 'folder')).toMatchObject({ isRequired: true, description: 'Folder with the pictures.', example: '/photos' })
    expect(named(fields, 'limit')).toMatchObject({ isNullable: true, input: { takesText: true } })
  })

  it('ends where a schema contains itself', () => {
    let depth = 0
    for (let one = named(fields, 'again'); one?.input.kind === 'group'; depth += 1) one = named(one.input.fields, 'again')
    expect(depth).toBeLessThan(8)
  })

  it('is no error for schemas that make no form', () => {
    for (const schema of [undefined, true, {}, { type: 'array' }, { $ref: '#/nowhere' }, { oneOf: [{ type: 'object' }] }]) {
      expect(fieldsOf(schema)).toBeUndefined()
    }
    expect(fieldsOf({ properties: { any: true, odd: { anyOf: [] } } })?.map((field) => field.input.kind)).toEqual(['json', 'json'])
  })
})

describe('the words of a schema', () => {
  const schema = {
    $ref: '#/$defs/Backup',
    $defs: {
      Backup: {
        'x-asynctask-i18n': { zh: { description: '备份。' } },
        properties: {
          folder: { type: 'string', title: 'Folder', description: 'What to copy.', 'x-asynctask-i18n': { zh: { title: '文件夹' } } },
          odd: { type: 'string', 'x-asynctask-i18n': 'zh' },
          where: { $ref: '#/$defs/Place' },
        },
      },
      Place: { type: 'object', title: 'Place', description: 'Where it is.', properties: { at: { type: 'string' } } },
    },
  }

  it('are those of the reader, and else those that there are', () => {
    expect(fieldsOf(schema, 'en')?.[0]).toMatchObject({ title: 'Folder', description: 'What to copy.' })
    expect(fieldsOf(schema, 'zh')?.[0]).toMatchObject({ title: '文件夹', description: 'What to copy.' })
    expect(fieldsOf(schema, 'zh')?.[1]).toMatchObject({ title: '', description: '' })
    expect(typeDescription({ description: 'Backs up.', config_schema: schema }, 'zh')).toBe('备份。')
    expect(typeDescription({ description: 'Backs up.', config_schema: schema }, 'en')).toBe('Backs up.')
    expect(typeDescription({ description: 'Backs up.', config_schema: true }, 'zh')).toBe('Backs up.')
  })

  it('do not name a field by its class', () => {
    expect(named(fieldsOf(schema), 'where')).toMatchObject({ title: '', description: 'Where it is.' })
  })

  it('say what a pattern stands for', () => {
    const part = { pattern: '^/', description: 'An absolute path.', 'x-asynctask-i18n': { zh: { description: '绝对路径' } } }
    expect([describedPattern(part, 'en'), describedPattern(part, 'zh')]).toEqual(['an absolute path', '绝对路径'])
    expect(describedPattern({ pattern: '^/', description: 'Begins with /.' }, 'en')).toBe('')
    expect(faultsIn({ properties: { a: { allOf: [part] } } }, { a: 'x' })[0]?.part).toEqual(part)
  })
})

describe('a field that may be one of several things', () => {
  const ways = (anyOf: unknown[]) => {
    const input = fieldsOf({ properties: { a: { anyOf } } })?.[0]?.input
    return input?.kind === 'either' ? input.ways.map((way) => ('input' in way ? way.input.kind : way.value)) : input?.kind
  }
  const list = { type: 'array', items: { type: 'string' } }

  it('is a choice of values and simple inputs', () => {
    expect(ways([{ type: 'boolean' }, list])).toEqual([false, true, 'texts'])
    expect(ways([{ const: 'auto' }, { type: 'integer' }, { type: 'null' }])).toEqual(['auto', 'number'])
    expect(ways([{ enum: ['low', 'high'] }, list])).toEqual(['low', 'high', 'texts'])
  })

  it('is JSON where a choice cannot be drawn', () => {
    for (const odd of [[list, list], [{ type: 'boolean' }, { type: 'object' }], [{ type: 'boolean' }, {}], [{ type: 'boolean' }, { type: 'string' }, { type: 'number' }]]) {
      expect(ways(odd)).toBe('json')
    }
  })

  it('knows by the value which of them it is', () => {
    const field = fieldsOf({ properties: { a: { anyOf: [{ type: 'boolean' }, list] } } })?.[0] as Field
    expect([false, true, ['/mnt'], []].map((value) => fits(field, value))).toEqual([true, true, true, true])
    expect(['yes', 1, null, [1]].map((value) => fits(field, value))).toEqual([false, false, false, false])
  })
})

describe('a JSON document changed by a form', () => {
  it('keeps every character that the change is not about', () => {
    const text = '{\n  "big": 12345678901234567890,   "ratio": 1.0,\n  "name": "a"\n}'
    expect(withValue(text, ['name'], 'b')).toBe(text.replace('"a"', '"b"'))
    expect(withValue(withValue(text, ['extra'], true), ['extra'], undefined)).toBe(text)
    expect(textAt(text, ['big'])).toBe('12345678901234567890')
  })

  it('makes the objects above a value, also in the place of null', () => {
    expect(JSON.parse(withValue('{"where": null}', ['where', 'lat'], 1.5))).toEqual({ where: { lat: 1.5 } })
    expect(withValue('{}', ['where', 'lat'], undefined)).toBe('{}')
  })

  it('takes JSON text as it is written', () => {
    const text = withText('{}', ['count'], '1.50')
    expect(textAt(text, ['count'])).toBe('1.50')
    expect(valueAt(text, ['count'])).toBe(1.5)
  })

  it('says where it is wrong', () => {
    expect(mistakeIn('{"a": 1}')).toBeUndefined()
    expect(mistakeIn('{\n  "a": ,\n}')).toEqual({ line: 2, column: 8 })
    expect(mistakeIn('{"a"')).toEqual({ line: 1, column: 5 })
  })

  it('is one line without a change of its texts', () => {
    expect(compact('{\n  "a b": "x,  \\"y",\n  "n": [1.0,\n 2]\n}')).toBe('{"a b": "x,  \\"y", "n": [1.0, 2]}')
  })
})

describe('violations', () => {
  it('come to the innermost field, or are left over', () => {
    const sorted = sortViolations(
      [
        { field: 'task_config.names[1]', description: 'must be a text; got 3' },
        { field: 'task_config.where.lat', description: 'is required' },
        { field: 'task_config', description: "has no field 'foo'" },
        { field: "labels['']", description: 'keys must have 1 to 64 characters' },
        { field: 'task_config.names_of', description: 'another field' },
      ],
      fieldsOf(SCHEMA) ?? [],
      ['labels', 'priority'],
    )
    expect(Object.fromEntries(sorted.byField)).toEqual({
      'task_config.names': ['[1]: Must be a text; got 3.'],
      'task_config.where.lat': ['Is required.'],
      labels: ["['']: Keys must have 1 to 64 characters."],
    })
    expect(sorted.others.map((one) => one.field)).toEqual(['task_config', 'task_config.names_of'])
  })
})

describe('a config that does not fit its schema', () => {
  it('says where and what is asked for', () => {
    const faults = faultsIn(SCHEMA, { folder: '/photos', quality: 101, size: 'huge', names: ['a', 3], where: { lat: 'x' }, limit: '20MiB' })
    expect(faults.map(({ field, keyword, wanted }) => [field, keyword, wanted])).toEqual([
      ['task_config.size', 'enum', ['small', 'large']],
      ['task_config.quality', 'maximum', 100],
      ['task_config.where', 'anyOf', [{ $ref: '#/$defs/Point' }, { type: 'null' }]],
      ['task_config.names[1]', 'type', 'string'],
    ])
  })

  it('is nobody’s mistake where the schema cannot be read', () => {
    expect(faultsIn({ $ref: '#/nowhere' }, {})).toEqual([])
    expect(faultsIn({ properties: { a: { pattern: '(' } } }, { a: 'x' })).toEqual([])
  })
})

describe('a tidied document', () => {
  it('keeps its numbers as they are written', () => {
    expect(tidied('{"big":12345678901234567890,"ratio":1.0}')).toBe('{\n  "big": 12345678901234567890,\n  "ratio": 1.0\n}')
  })
})
