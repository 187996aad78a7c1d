/** Every kind of tampering of the catalogue in `testing/tampering`, and random edits of an honest bundle. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeWorld, TAMPERINGS } from '../testing/tampering/index.ts'
import { verifyBundle } from './verify-bundle.ts'

const world = await makeWorld()

test('verifyBundle() passes the honest bundle, with every check that applies', async () => {
  const report = await verifyBundle(Buffer.from(world.bundle), world.options)
  assert.deepEqual([report.verdict, report.reason, report.level], ['pass', null, 'logged-and-stamped'])
  assert.deepEqual(
    report.checks.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id),
    ['issuer', 'subject', 'expiry'],
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
