import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameConsignment } from './consignment-name.ts'

test('nameConsignment() tells no stranger where a folder stood', () => {
  assert.equal(nameConsignment({ kind: 'folder', ref: '/home/ana/secret-project/oak/' }), 'oak')
  assert.equal(nameConsignment({ kind: 'file', ref: '../models/oak.gguf' }), 'oak.gguf')
})

test('nameConsignment() keeps the reference of a hub and what somebody said', () => {
  assert.equal(nameConsignment({ kind: 'hub', ref: 'hf:org/oak@main' }), 'hf:org/oak@main')
  assert.equal(nameConsignment({ kind: 'folder', ref: 'x/oak' }, ' Oak 2 '), 'Oak 2')
})

test('nameConsignment() refuses a name that is empty or too long', () => {
  for (const said of ['', ' ', 'x'.repeat(301)]) {
    assert.throws(() => nameConsignment({ kind: 'folder', ref: 'oak' }, said), { code: 'usage' })
  }
})
