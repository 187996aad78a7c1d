import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '../../base/index.ts'
import { keyringKey, makeSigner, type TestSigner } from '../../testing/keys.ts'
import { writeBundle } from '../bundle.ts'
import { webCryptography } from '../cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from '../dsse.ts'
import { toUtf8 } from '../encoding.ts'
import { issueTimestamp, requestTimestamp } from '../timestamp/issue.ts'
import { makeTimestampChain } from '../timestamp/make-chain.ts'
import { joinBundles } from './joint-statement.ts'
import type { KeyRevocation } from './keyring.ts'
import { countQuorum } from './quorum.ts'
import { attestationType } from './roles.ts'
import { signingTimesOf } from './signing-times.ts'

const SIGNED_AT = Date.parse('2026-11-20T12:00:00Z')
const NOW = Date.parse('2026-11-26T12:00:00Z')
const HOUR = 3600 * 1000
const [root, clock, dover, leith] = (await Promise.all(Array.from({ length: 4 }, makeSigner))) as [
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
]
const validFrom = Date.parse('2026-10-01T00:00:00Z')
const chain = await makeTimestampChain({ root, leaf: clock, organization: 'Oak', name: 'Oak TSA', validFrom })
const authorities = [{ chain }]
const payload = toUtf8(
  canonicalJson({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'oak', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: attestationType('clearance'),
    predicate: { decision: 'seized' },
  }),
)

async function signBundle(
  signer: TestSigner,
  stampedAt: number | undefined,
  stamped?: Uint8Array,
): Promise<Uint8Array> {
  const signature = await signer.sign(preAuthEncoding(IN_TOTO_PAYLOAD, payload))
  const request = await requestTimestamp(stamped ?? signature, true)
  const timestamps =
    stampedAt === undefined ? [] : [await issueTimestamp(request, { key: clock, chain, now: stampedAt, serial: 7n })]
  return toUtf8(writeBundle({ keyId: signer.keyId, payload, signature, timestamps }))
}

async function count(bundles: readonly Uint8Array[], revoked?: KeyRevocation): Promise<string> {
  const keyring = {
    keys: [keyringKey(dover), keyringKey(leith, { unit: 'leith', ...(revoked === undefined ? {} : { revoked }) })],
    quorums: [{ decision: 'seized', threshold: 2, roles: ['officer'] }],
  } as const
  const times = await signingTimesOf(bundles, { authorities, now: NOW, cryptography: webCryptography })
  return (await countQuorum(joinBundles(bundles), { keyring, times, now: NOW, cryptography: webCryptography })).kind
}

test('signingTimesOf() dates each signature, so that a key that is stolen later has had its voice', async () => {
  const bundles = [await signBundle(dover, undefined), await signBundle(leith, SIGNED_AT)]
  const times = await signingTimesOf(bundles, { authorities, now: NOW, cryptography: webCryptography })
  assert.deepEqual([...times], [[leith.keyId, SIGNED_AT]])
  assert.equal(await count(bundles), 'act')
  assert.equal(await count(bundles, { from: SIGNED_AT + HOUR, reason: 'compromised' }), 'act')
  await assert.rejects(count(bundles, { from: SIGNED_AT, reason: 'compromised' }), { code: 'quorum-revoked' })
})

test('signingTimesOf() takes no timestamp of another signature, of the future or of a strange clock', async () => {
  const stolen = { from: SIGNED_AT + HOUR, reason: 'compromised' } as const
  const one = await signBundle(dover, undefined)
  const foreign = await signBundle(leith, SIGNED_AT, await leith.sign(Buffer.from('something older')))
  await assert.rejects(count([one, foreign], stolen), { code: 'timestamp' })
  const future = await signBundle(leith, NOW + HOUR)
  await assert.rejects(count([one, future], stolen), { code: 'timestamp-future' })
  const bundles = [one, await signBundle(leith, SIGNED_AT)]
  const untrusted = await signingTimesOf(bundles, { authorities: [], now: NOW, cryptography: webCryptography })
  assert.equal(untrusted.size, 0)
  await assert.rejects(count([one, await signBundle(leith, undefined)], stolen), {
    code: 'quorum-revoked-without-time',
  })
})
