import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeWorld } from '../testing/tampering/index.ts'
import type { TrustedLog } from './check-log.ts'
import { verifyBundle } from './verify-bundle.ts'

test('attack: an entry by a log key that has ended does not pass when no trusted time says that it was made before', async () => {
  const { bundle, options, publisher, now } = await makeWorld()
  const [unstamped, end] = [JSON.parse(bundle), { ...publisher.trustedLog, validUntil: now + 60_000 }]
  delete unstamped.verificationMaterial.timestampVerificationData
  const judge = async (value: unknown, log: TrustedLog = end): Promise<unknown> => {
    const bytes = Buffer.from(JSON.stringify(value))
    const trust = { ...options, trustedLogs: [log], trustedKeys: [], requireTimestamp: false }
    const { verdict, reason } = await verifyBundle(bytes, { ...trust, publicKeyPem: publisher.signer.publicKeyPem })
    return [verdict, reason]
  }
  assert.deepEqual(await judge(unstamped), ['partial', 'log-validity-unknown'])
  assert.deepEqual(await judge(unstamped, publisher.trustedLog), ['pass', null])
  assert.deepEqual(await judge(JSON.parse(bundle)), ['pass', null])
})
