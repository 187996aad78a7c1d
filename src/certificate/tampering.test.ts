/** Every kind of tampering of the catalogue in `testing/tampering`, and random edits of an honest bundle. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeWorld, TAMPERINGS } from '../testing/tampering/index.ts'
import { verifyBundle } from './verify-bundle.ts'

const world = await makeWorld()

test('verifyBundle() passes the honest bundle, with every check that applies', async () => {
  const report = await verifyBundle(Buffer.from(world.bundle), world.options)
  assert.deepEqual([report.verdict, report.reason, report.level], ['pass', null, 'logged-and-stamped'])
  assert.deepEqual(
    report.checks.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id),
    ['issuer', 'subject', 'status', 'expiry'],
  )
  assert.deepEqual((await verifyBundle(Buffer.from(await world.issue({})), world.options)).verdict, 'pass')
})

for (const { name, code, make } of TAMPERINGS) {
  test(`verifyBundle() refuses with ${code}: ${name}`, async () => {
    const { bundle, options = {} } = await make(world)
    const report = await verifyBundle(Buffer.from(bundle), { ...world.options, ...options })
    assert.ok(['fail', 'malformed', 'revoked'].includes(report.verdict), report.verdict)
    assert.equal(report.reason, code, JSON.stringify(report.checks.filter(({ outcome }) => outcome === 'fail')))
  })
}

test('verifyBundle() accepts no random edit of a logged, witnessed and stamped bundle, and never throws', async () => {
  const honest = Buffer.from(world.bundle)
  const place = fc.nat(honest.length - 1)
  const edit = fc.record({ at: place, length: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) })
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, length, put }) => {
      const edited = Buffer.concat([honest.subarray(0, at), put, honest.subarray(at + length)])
      if (edited.equals(honest)) return
      if ((await verifyBundle(edited, world.options)).verdict !== 'pass') return
      assert.equal(JSON.stringify(JSON.parse(edited.toString())), world.bundle, 'nothing but spaces were put in')
    }),
    { numRuns: 800 },
  )
})
