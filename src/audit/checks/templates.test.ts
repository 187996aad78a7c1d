import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codeOf } from './templates.ts'

test('codeOf() cuts a template into code and leaves out text and comments', () => {
  const template = 'a {{ x[\'y\'] }} b {# {{ no }} #} {%- if z == "%}" -%} c'
  assert.deepEqual(codeOf(template), [
    { bare: ' x[""] ', literals: ['y'] },
    { bare: '- if z == "" -', literals: ['%}'] },
  ])
})

test('codeOf() reads a template that is not closed to its end', () => {
  assert.deepEqual(codeOf('{{ a.__class__'), [{ bare: ' a.__class__', literals: [] }])
  assert.deepEqual(codeOf("{{ 'open"), [{ bare: ' ""', literals: ['ope'] }])
  assert.deepEqual(codeOf('{# open {{ x }}'), [])
})

test('codeOf() ends on any text, and finds code wherever an opening stands outside comments', () => {
  const pieces = fc.array(fc.constantFrom('{{', '}}', '{%', '%}', '{#', '#}', "'", '"', '\\', 'a', ' ', '\n'), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('')
      const code = codeOf(text)
      assert.ok(code.length <= (text.match(/\{[{%]/g) ?? []).length)
      if (!text.includes('{#') && /\{[{%]/.test(text)) assert.ok(code.length > 0)
    }),
  )
})
