import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, isFault } from '../../base/index.ts'
import { keyringKey, makeSigner, type TestSigner } from '../../testing/keys.ts'
import { writeBundle } from '../bundle.ts'
import { webCryptography } from '../cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from '../dsse.ts'
import { derToRaw } from '../ecdsa.ts'
import { concatBytes, toUtf8 } from '../encoding.ts'
import { readStatement } from '../statement.ts'
import { verifyBundle } from '../verify-bundle.ts'
import { joinBundles, readJointStatement, splitJointStatement, writeJointStatement } from './joint-statement.ts'
import type { JointSignature, JointStatement } from './joint-statement.ts'
import type { Keyring, KeyringKey } from './keyring.ts'
import { countQuorum, needsQuorum, type QuorumAnswer } from './quorum.ts'
import { attestationType } from './roles.ts'

const NOW = Date.UTC(2026, 10, 1)
const [dover, leith, cardiff, second, station, rogue] = (await Promise.all(Array.from({ length: 6 }, makeSigner))) as [
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
  TestSigner,
]

const KEYRING: Keyring = {
  keys: [
    keyringKey(dover),
    keyringKey(leith, { unit: 'leith' }),
    keyringKey(cardiff, { unit: 'cardiff', role: 'regulator' }),
    keyringKey(second, { unit: 'dover' }),
    keyringKey(station, { unit: 'york', role: 'station', predicateTypes: [attestationType('mot-result')] }),
  ],
  quorums: [{ decision: 'seized', threshold: 2, roles: ['officer', 'regulator'] }],
}

function payloadOf(decision: string, name = 'oak', type = 'clearance'): Uint8Array {
  return toUtf8(
    canonicalJson({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name, digest: { sha256: 'ab'.repeat(32) } }],
      predicateType: attestationType(type),
      predicate: { decision },
    }),
  )
}

const SEIZED = payloadOf('seized')

async function signBy(signer: TestSigner, payload = SEIZED): Promise<JointSignature> {
  const signature = await signer.sign(preAuthEncoding(IN_TOTO_PAYLOAD, payload))
  return { keyId: signer.keyId, signature, rawSignature: derToRaw(signature) }
}

async function joint(...signers: readonly TestSigner[]): Promise<JointStatement> {
  return { payload: SEIZED, signatures: await Promise.all(signers.map((signer) => signBy(signer))) }
}

interface Changes {
  readonly keys?: readonly KeyringKey[]
  readonly quorums?: Keyring['quorums']
  readonly times?: ReadonlyMap<string, number>
}

function count(statement: JointStatement, { times = new Map(), ...keyring }: Changes = {}): Promise<QuorumAnswer> {
  const context = { keyring: { ...KEYRING, ...keyring }, times, now: NOW, cryptography: webCryptography }
  return countQuorum(readJointStatement(Buffer.from(writeJointStatement(statement))), context)
}

test('countQuorum() takes two units for an act, and fewer for a proposal', async () => {
  const act = await count(await joint(dover, leith))
  assert.deepEqual([act.kind, act.units.toSorted(), act.threshold], ['act', ['dover', 'leith'], 2])
  assert.equal((await count(await joint(dover, cardiff, leith))).kind, 'act')
  for (const one of [dover, leith, cardiff]) assert.equal((await count(await joint(one))).kind, 'proposal')
})

test('countQuorum() refuses two keys of one unit', async () => {
  await assert.rejects(count(await joint(dover, second)), { code: 'quorum-unit', message: /both of dover/ })
})

test('countQuorum() refuses a key that speaks twice, also by another signature or by its mirror image', async () => {
  const one = await signBy(dover)
  const again = await signBy(dover)
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = order - BigInt(`0x${Buffer.from(one.rawSignature.subarray(32)).toString('hex')}`)
  const raw = concatBytes(one.rawSignature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex'))
  const mirrored = { ...one, signature: toDer(raw), rawSignature: raw }
  assert.ok(await count({ payload: SEIZED, signatures: [mirrored] }), 'the mirror image does verify')
  for (const other of [one, again, mirrored])
    await assert.rejects(count({ payload: SEIZED, signatures: [one, other] }), { code: 'quorum-key' })
})

function toDer(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array): number[] => {
    const digits = [...bytes.subarray(bytes.findIndex((byte) => byte > 0))]
    const body = (digits[0] ?? 0) > 127 ? [0, ...digits] : digits
    return [2, body.length, ...body]
  }
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]
  return Uint8Array.of(48, body.length, ...body)
}

test('countQuorum() refuses the rogue, the wrong role, and a name under which another signed', async () => {
  await assert.rejects(count(await joint(dover, leith, rogue)), { code: 'quorum-key-unknown' })
  await assert.rejects(count(await joint(dover, station)), { code: 'quorum-predicate-type' })
  const officersOnly = [{ decision: 'seized', threshold: 2, roles: ['officer'] }] as const
  await assert.rejects(count(await joint(dover, cardiff), { quorums: officersOnly }), { code: 'quorum-role' })
  const forged = { ...(await signBy(rogue)), keyId: leith.keyId }
  await assert.rejects(count({ payload: SEIZED, signatures: [await signBy(dover), forged] }), {
    code: 'quorum-signature',
  })
})

test('countQuorum() refuses signatures over other bytes, and joinBundles() bundles over other bytes', async () => {
  const other = await signBy(leith, payloadOf('seized', 'ash'))
  await assert.rejects(count({ payload: SEIZED, signatures: [await signBy(dover), other] }), {
    code: 'quorum-signature',
  })
  const bundles = [
    { payload: SEIZED, signatures: [await signBy(dover)] },
    { payload: payloadOf('seized', 'ash'), signatures: [other] },
  ].flatMap((statement) => [...splitJointStatement(statement).values()].map((text) => Buffer.from(text)))
  assert.throws(() => joinBundles(bundles), { code: 'joint-differs' })
})

test('countQuorum() judges each signature at its own time', async () => {
  const stolen = { from: Date.UTC(2026, 8, 1), reason: 'compromised' } as const
  const keys = KEYRING.keys.map((key) => (key.keyId === leith.keyId ? { ...key, revoked: stolen } : key))
  const statement = await joint(dover, leith)
  const at = (ms: number): Changes => ({ keys, times: new Map([[leith.keyId, ms]]) })
  assert.equal((await count(statement, at(stolen.from - 1))).kind, 'act')
  await assert.rejects(count(statement, at(stolen.from)), { code: 'quorum-revoked' })
  await assert.rejects(count(statement, { keys }), { code: 'quorum-revoked-without-time' })
})

test('countQuorum() makes no act of a decision that the keyring has no quorum for', async () => {
  await assert.rejects(count(await joint(dover, leith), { quorums: [] }), { code: 'quorum-rule' })
})

test('needsQuorum() is true of what bites, also when the keyring says nothing', () => {
  const read = (decision: string): boolean => needsQuorum(readStatement(payloadOf(decision)), { keys: [], quorums: [] })
  assert.deepEqual(['seized', 'banned', 'prosecuted', 'held', 'cleared'].map(read), [true, true, true, false, false])
})

test('splitJointStatement() gives each signer a bundle, and joinBundles() puts the same document together', async () => {
  const statement = await joint(dover, leith, cardiff)
  const bundles = splitJointStatement(statement)
  assert.deepEqual([...bundles.keys()].toSorted(), [dover, leith, cardiff].map(({ keyId }) => keyId).toSorted())
  const joined = joinBundles([...bundles.values()].map((text) => Buffer.from(text)))
  assert.equal(writeJointStatement(joined), writeJointStatement(statement))
})

test('joinBundles() makes no document that readJointStatement() would refuse', async () => {
  const spaced = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(SEIZED).toString()), null, 1))
  const bundleOf = async (payload: Uint8Array): Promise<Buffer> => {
    const { keyId, signature } = await signBy(dover, payload)
    return Buffer.from(writeBundle({ keyId, payload, signature }))
  }
  const [canonical, other] = [await bundleOf(SEIZED), await bundleOf(spaced)]
  assert.equal(joinBundles([canonical]).signatures.length, 1)
  assert.throws(() => joinBundles([other]), { code: 'not-canonical' })
  assert.throws(() => joinBundles([]), { code: 'signature-count' })
  assert.throws(() => joinBundles(Array.from({ length: 65 }, () => canonical)), { code: 'signature-count' })
})

test('readJointStatement() refuses other encodings of names, texts and signatures', async () => {
  const text = writeJointStatement(await joint(dover, leith))
  const document = JSON.parse(text) as { payload: string; signatures: { keyid: string; sig: string }[] }
  const [first] = document.signatures
  assert.ok(first)
  const reencoded = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(SEIZED).toString()), null, 1)).toString('base64')
  const changed: readonly [object, string][] = [
    [{ ...document, signatures: [] }, 'signature-count'],
    [{ ...document, signatures: Array.from({ length: 65 }, () => first) }, 'signature-count'],
    [{ ...document, signatures: [{ ...first, keyid: '' }] }, 'keyid'],
    [{ ...document, signatures: [{ ...first, keyid: first.keyid.toUpperCase() }] }, 'keyid'],
    [{ ...document, signatures: [{ ...first, cert: 'x' }] }, 'unknown-field'],
    [{ ...document, signatures: [{ ...first, sig: Buffer.alloc(64).toString('base64') }] }, 'signature-form'],
    [{ ...document, payload: reencoded }, 'not-canonical'],
    [{ ...document, payloadType: 'application/json' }, 'payload-type'],
  ]
  for (const [value, code] of changed)
    assert.throws(() => readJointStatement(Buffer.from(JSON.stringify(value))), { code }, code)
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(text)
      bytes[at] = byte
      try {
        readJointStatement(bytes)
      } catch (thrown) {
        assert.ok(isFault(thrown), String(thrown))
      }
    }),
    { numRuns: 500 },
  )
})

test('verifyBundle() passes no decision that bites on one signature, whatever type is wanted', async () => {
  for (const decision of ['seized', 'banned', 'prosecuted', 'held']) {
    const payload = payloadOf(decision, 'oak', 'case')
    const { signature } = await signBy(dover, payload)
    const bundle = Buffer.from(writeBundle({ keyId: dover.keyId, payload, signature }))
    const predicateType = attestationType('case')
    const trustedKeys = [{ publicKeyPem: dover.publicKeyPem }]
    const { checks } = await verifyBundle(bundle, { now: NOW, predicateType, trustedKeys })
    const found = checks.find(({ id }) => id === 'predicate')
    assert.equal(found?.reason, decision === 'held' ? null : 'quorum-wanted', decision)
  }
})
