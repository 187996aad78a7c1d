import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { describeTemplate, isTemplate } from './index.ts'

const PIECES = [
  '{{ ',
  ' }}',
  '{% ',
  ' %}',
  'for a in b',
  'endfor',
  'if x',
  'endif',
  "'t'",
  '~',
  '(',
  ')',
  '[',
  ']',
  '|attr',
  '.x',
  '{#',
  '#}',
  '\n',
  'set a = ',
  '1',
]

test('describeTemplate() gives the same digest whatever is said in comments, and another for another text', () => {
  const digest = (text: string): string | undefined => describeTemplate(text, 'x').digest
  assert.equal(digest('{# one #}{{ a }}'), digest('{{ a }}{# two #}'))
  assert.notEqual(digest('{{ a }}'), digest('{{ b }}'))
  assert.match(digest('') ?? '', /^[0-9a-f]{64}$/)
})

test('describeTemplate() says why it has no tree', () => {
  const cases = [
    '{{ unclosed',
    "{% include 'x' %}",
    '{{ '.padEnd(300_000, 'a'),
    ' '.repeat(5000),
    `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`,
    `{{ ${'not '.repeat(1000)}a }}`,
  ]
  for (const text of cases) assert.notEqual(describeTemplate(text, 'x').trouble, undefined, text.slice(0, 20))
})

test('describeTemplate() always answers, in well-formed words', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 60 })), (template) => {
      const facts = describeTemplate(template, 'x')
      assert.equal(facts.trouble === undefined, facts.digest !== undefined)
      assert.ok(JSON.stringify(facts).isWellFormed() && Number.isSafeInteger(facts.rounds))
    }),
    { numRuns: 1000 },
  )
})

test('isTemplate() knows the places of chat templates, and other prompts by their marks', () => {
  assert.ok(isTemplate('gguf', 'tokenizer.chat_template.tool_use', ''))
  assert.ok(isTemplate('hf-tokenizer', '/chat_template/0/template', ''))
  assert.ok(isTemplate('hf-config', '/custom_chat_template', '{{ a }}'))
  assert.ok(!isTemplate('hf-config', '/system_prompt', 'You are {name}'))
  assert.ok(!isTemplate('text', 'text', '{{ a }}'))
})
