import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../testing/folders.ts'
import { loadPolicy } from './load-policy.ts'
import { compilePolicy, readPolicy, type Condition } from './policy.ts'

const CONDITION: Condition = {
  id: 'a',
  over: 'finding',
  when: `finding.grade == 'major'`,
  outcome: 'held',
  message: 'm',
}

function policyWith(...conditions: readonly unknown[]): unknown {
  return { schema: 'tidewaiter/policy/v1', id: 'p', version: '1', title: 't', conditions }
}

test('readPolicy() takes what it writes', () => {
  assert.deepEqual(readPolicy(policyWith(CONDITION)).conditions, [CONDITION])
})

for (const [what, value, message] of [
  ['an unknown member', { ...CONDITION, whenn: 'true' }, /unknown member "whenn"/],
  ['a missing member', { id: 'a' }, /lacks "over"/],
  ['an unknown scope', { ...CONDITION, over: 'tensor' }, /"over" of a is "tensor"; it can be finding, file/],
  ['an unknown outcome', { ...CONDITION, outcome: 'cleared' }, /can be refused, held, advisory/],
] as const) {
  test(`readPolicy() refuses ${what}`, () => {
    assert.throws(() => readPolicy(policyWith(value)), { code: 'bad-policy', message })
  })
}

test('readPolicy() refuses two conditions of one name', () => {
  assert.throws(() => readPolicy(policyWith(CONDITION, CONDITION)), { code: 'bad-policy', message: /"a" stands twice/ })
})

test('compilePolicy() refuses an expression that does not parse, and one that gives no boolean', () => {
  assert.throws(() => compilePolicy(readPolicy(policyWith({ ...CONDITION, when: 'finding.grade ==' }))), {
    code: 'bad-policy',
  })
  const compiled = compilePolicy(readPolicy(policyWith({ ...CONDITION, when: 'finding.grade' })))
  assert.throws(() => compiled.conditions[0]?.ask({ finding: { grade: 'major' } }), {
    code: 'bad-policy',
    message: /gives string/,
  })
})

test('compilePolicy() gives the same digest for the same policy in another order of members', () => {
  const reversed = Object.fromEntries(Object.entries(policyWith(CONDITION) as object).toReversed())
  assert.equal(compilePolicy(readPolicy(reversed)).digest, compilePolicy(readPolicy(policyWith(CONDITION))).digest)
})

test('loadPolicy() names the file that it cannot read or parse', (context) => {
  const path = join(temporaryFolder(context), 'policy.json')
  assert.throws(() => loadPolicy(path), { code: 'no-such-file', message: /policy\.json/ })
  writeFileSync(path, '{')
  assert.throws(() => loadPolicy(path), { code: 'bad-policy', message: /policy\.json/ })
})
