import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { splitCard } from './front-matter.ts'
import { hfCardReader } from './index.ts'

function read(text: string): FileFacts {
  const budget = new Budget()
  return readFile({ path: 'README.md', source: memorySource(Buffer.from(text), budget), budget }, [hfCardReader])
}

function card(frontMatter: string): FileFacts {
  return read(`---\n${frontMatter}\n---\n# A model\n`)
}

function seen(frontMatter: string): readonly string[] {
  const { reading, anomalies } = card(frontMatter)
  return [reading, ...new Set(anomalies.map(({ code }) => code))]
}

test('hfCardReader turns the declarations of a card into facts', () => {
  const facts = card(
    'license: apache-2.0\nbase_model:\n- org/oak\n- org/birch\nbase_model_relation: merge\ndatasets: [org/data]\nlicense_link: https://example.org/l',
  )
  assert.deepEqual([facts.reading, facts.anomalies], ['full', []])
  assert.deepEqual(facts.metadata.slice(0, 3), [
    { key: '/license', type: 'string', value: 'apache-2.0' },
    { key: '/base_model', type: 'array<string>', value: ['org/oak', 'org/birch'] },
    { key: '/base_model_relation', type: 'string', value: 'merge' },
  ])
  assert.deepEqual(
    facts.references.map(({ kind, target }) => [kind, target]),
    [
      ['repository', 'org/oak'],
      ['repository', 'org/birch'],
      ['repository', 'org/data'],
      ['url', 'https://example.org/l'],
    ],
  )
  assert.deepEqual(facts.texts, [{ locus: 'body', text: '# A model\n' }])
})

test('hfCardReader reads a card without front matter, and an empty front matter', () => {
  assert.deepEqual([read('# Hi').reading, read('# Hi').anomalies], ['full', []])
  assert.deepEqual(seen(''), ['full'])
  assert.deepEqual(seen('# only a comment'), ['full'])
})

test('hfCardReader notes tags with which some readers construct objects, and keeps their values plain', () => {
  assert.deepEqual(seen('a: !!python/object/apply:os.system ["x"]'), ['full', 'yaml-tag'])
  assert.deepEqual(seen('a: !custom {b: 1}'), ['full', 'yaml-tag'])
  assert.deepEqual(seen('a: !!binary aGk='), ['full', 'yaml-tag'])
  assert.deepEqual(seen('a: !!str 12\nb: !!map {c: !!int 3}'), ['full'])
})

test('hfCardReader notes fields that stand twice', () => {
  assert.deepEqual(seen('license: mit\nlicense: gpl-3.0'), ['full', 'yaml-duplicate-key'])
  assert.deepEqual(seen('a: {b: 1, b: 2}'), ['full', 'yaml-duplicate-key'])
})

test('hfCardReader does not understand what is no YAML map', () => {
  assert.deepEqual(seen('a: [1, 2'), ['listed', 'yaml-syntax'])
  assert.deepEqual(seen('- a\n- b'), ['listed', 'card-root'])
  assert.deepEqual(seen('just words'), ['listed', 'card-root'])
  const unclosed = read('---\nlicense: mit\n\n# A model\n')
  assert.deepEqual([unclosed.reading, unclosed.anomalies[0]?.code], ['listed', 'card-front-matter'])
})

test('hfCardReader survives front matter that is made to explode', () => {
  const layers = Array.from(
    { length: 10 },
    (_, n) => `l${n}: &l${n} [${Array.from({ length: 10 }, () => (n === 0 ? '1' : `*l${n - 1}`)).join(', ')}]`,
  )
  assert.deepEqual(seen(layers.join('\n')), ['listed', 'yaml-alias'])
  assert.deepEqual(seen('a: &a [*a]')[0], 'unread')
  assert.deepEqual(seen(`a: ${'['.repeat(100_000)}`), ['unread', 'budget-depth'])
  assert.deepEqual(seen('- '.repeat(100_000)), ['unread', 'budget-depth'])
  assert.deepEqual(seen(`a: ${'x'.repeat(600_000)}`), ['listed', 'yaml-size'])
})

test('hfCardReader keeps only the number of evaluation results', () => {
  const facts = card('model-index:\n- name: a\n  results: [1]\n- name: b')
  assert.deepEqual(facts.metadata, [{ key: '/model-index', type: 'array', value: null, count: 2 }])
})

test('hfCardReader notes what is invisible in the text, and not what languages and emoji need', () => {
  const codes = (text: string) => read(text).anomalies.map(({ code }) => code)
  assert.deepEqual(codes('a \u202ebackwards'), ['text-invisible'])
  assert.deepEqual(codes(`hidden${'\u{e0041}'.repeat(3)}`), ['text-invisible'])
  assert.deepEqual(codes(`hidden${'\u200b\u200c'.repeat(8)}`), ['text-invisible'])
  assert.deepEqual(codes('bell \u0007'), ['text-control'])
  assert.deepEqual(
    codes('👩‍💻 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} می‌خواهم \u200e\u200f a\u200bb\r\n\tc'),
    [],
  )
})

test('hfCardReader always answers, whatever the front matter', () => {
  const piece = fc.constantFrom(
    'a: ',
    '- ',
    '? ',
    '&a ',
    '*a ',
    '!t ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>\n',
    ': ',
    '#',
    '\n',
    '  ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    'é',
    '\u0000',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const facts = card(pieces.join(''))
      assert.ok(facts.reading === 'full' || facts.anomalies.length > 0)
      assert.ok(!facts.anomalies.some(({ code }) => code === 'reader-crashed'), JSON.stringify(facts.anomalies))
    }),
    { numRuns: 1000 },
  )
})

test('splitCard() cuts at lines of three dashes only', () => {
  assert.deepEqual(splitCard('---\na: b --- c\n---\nd\n---\n'), {
    frontMatter: 'a: b --- c\n',
    body: 'd\n---\n',
    unclosed: false,
  })
  assert.deepEqual(splitCard(' ---\na\n---\n').frontMatter, undefined)
})
