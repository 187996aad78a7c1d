import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { html, showUnseen } from './html.ts'

test('html() escapes what comes from outside, in content and in attributes', () => {
  const hostile = `"><script>alert('x')</script>`
  const { markup } = html`<a title="${hostile}">${hostile}</a>`
  assert.ok(!markup.includes('<script>'))
  assert.equal(markup.match(/"/g)?.length, 2)
})

test('html() never lets a string add a tag', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = html`<p>${text}</p>`
      assert.equal(markup.match(/[<>]/g)?.length, 4)
    }),
  )
})

test('html() joins lists and leaves out what is absent', () => {
  assert.equal(
    html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${false}${null}</ul>`.markup,
    '<ul><li>1</li><li>2</li></ul>',
  )
})

test('showUnseen() shows what would reorder a name', () => {
  assert.equal(showUnseen('model\u202egpj.exe'), 'model⟨U+202E⟩gpj.exe')
})
