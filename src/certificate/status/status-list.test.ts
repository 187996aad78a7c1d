import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { canonicalJson, sha256 } from '../../base/index.ts'
import { docketsOf, DocketWriter } from '../../testing/dockets.ts'
import { signStatement } from '../certify.ts'
import { webCryptography } from '../cryptography.ts'
import { nameKey, readPublicKey } from '../public-key.ts'
import { VERIFICATION_EXIT_CODES } from '../report.ts'
import type { Statement } from '../statement.ts'
import type { StatusList } from '../statements/types/status-list.ts'
import { MIN_ENTRIES, StatusBits } from './bitstring.ts'
import { checkStatus, type StatusAnswer, type StatusQuestion } from './check-status.ts'
import { compareStatusLists, recomputeStatusList } from './recompute.ts'
import { describeStatusList, readSignedStatusList, type OpenedStatusList } from './status-list.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const ORIGIN = '2026.uk.log.tidewaiter.example'

function makeSigner() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return {
    publicKeyPem,
    sign: (bytes: Uint8Array) => Promise.resolve(new Uint8Array(sign('sha256', bytes, privateKey))),
  }
}

const signer = makeSigner()
const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
const place = { list: 'uk-2026-1', index: 77 }

const log = new DocketWriter()
const passed = log.close('a', log.announce('a'), { statusIndex: place })
log.close('b', log.announce('b'), { statusIndex: { ...place, index: 78 } })
const revocation = log.say('a', {
  kind: 'revocation',
  target: passed.leaf.entry,
  action: 'revoke',
  effectiveFrom: passed.leaf.time,
})

const scopeAt = (size: number, at: number) => ({ list: place.list, entries: MIN_ENTRIES, size, at })

async function makeList(
  size: number,
  issuedAt: number,
  change: (list: Statement<StatusList>) => unknown = (same) => same,
) {
  const bits = recomputeStatusList(docketsOf(log), scopeAt(size, issuedAt))
  const checkpoint = { origin: ORIGIN, size, root: sha256(`root ${size}`) }
  const statement = await describeStatusList({ list: place.list, bits, checkpoint, issuer: { keyId }, issuedAt })
  return Buffer.from((await signStatement(change(statement) as Statement, signer)).bundle)
}

const trust = { publicKeyPem: signer.publicKeyPem, mayIssue: () => true, now: log.time }
const open = (bundle: Uint8Array, change: object = {}): Promise<OpenedStatusList> =>
  readSignedStatusList(bundle, { ...trust, ...change })

const before = await open(await makeList(revocation.index, log.time))
const after = await open(await makeList(log.leaves.length, log.time))
const ask = (opened: OpenedStatusList, change: Partial<StatusQuestion> = {}): StatusAnswer =>
  checkStatus(opened, { place, now: log.time, mode: 'fresh', ...change })
const came = ({ verdict, reason }: StatusAnswer): string => `${verdict}:${reason} ${VERIFICATION_EXIT_CODES[verdict]}`

test('a signed list says of each certificate what the log says', () => {
  assert.equal(came(ask(before)), 'pass:null 0')
  assert.equal(came(ask(after)), 'revoked:revoked 4')
  assert.equal(came(ask(after, { place: { ...place, index: 78 } })), 'pass:null 0')
  assert.equal(came(ask(after, { place: { ...place, index: 5 } })), 'pass:null 0')
  assert.throws(() => ask(after, { place: { ...place, list: 'other' } }), { code: 'status-list-other' })
  assert.throws(() => ask(after, { place: { ...place, index: MIN_ENTRIES } }), { code: 'status-index' })
})

test('checkStatus() passes nothing by a list that is too old for how it is asked', () => {
  const at = (mode: StatusQuestion['mode'], age: number, grace = 0): string =>
    came(ask(before, { mode, grace, now: log.time + age }))
  assert.equal(at('fresh', 15 * MINUTE), 'pass:null 0')
  assert.equal(at('fresh', 15 * MINUTE + 1), 'stale:stale 3')
  assert.equal(at('cached', DAY), 'pass:null 0')
  assert.equal(at('cached', DAY + 1), 'stale:stale 3')
  assert.equal(at('cached', DAY + 1, DAY), 'stale:stale 3', 'grace is for those who are offline')
  assert.equal(at('offline', 2 * DAY, DAY), 'pass:null 0')
  assert.match(ask(before, { mode: 'offline', grace: DAY, now: log.time + 2 * DAY }).message, /time of grace/)
  assert.equal(at('offline', 2 * DAY + 1, DAY), 'stale:stale 3')
  assert.equal(came(ask(after, { now: log.time + 99 * DAY })), 'revoked:revoked 4', 'revoked stays revoked')
  assert.equal(came(ask(before, { now: log.time - 5 * MINUTE })), 'pass:null 0', 'clocks differ')
  assert.throws(() => ask(before, { now: log.time - 6 * MINUTE }), { code: 'status-from-future' })
})

test('checkStatus() calls a suspended certificate revoked for now', async () => {
  const bits = new StatusBits(MIN_ENTRIES)
  bits.set(place.index, 'suspended')
  assert.equal(came(ask({ ...before, bits })), 'revoked:suspended 4')
  assert.equal(came(ask({ ...before, bits }, { now: log.time + DAY })), 'stale:stale 3')
  bits.set(place.index, 'superseded')
  assert.equal(came(ask({ ...before, bits })), 'revoked:superseded 4')
})

test('attack: an older list is replayed after the revocation', () => {
  const seen = after.checkpoint
  assert.equal(came(ask(before, { mode: 'cached', seen })), 'stale:status-rollback 3')
  assert.equal(came(ask(before, { mode: 'cached', seen: before.checkpoint })), 'pass:null 0')
  assert.equal(came(ask(before, { mode: 'cached', seen: { ...seen, origin: 'other.example' } })), 'pass:null 0')
  assert.equal(came(ask(before, { now: log.time + 16 * MINUTE })), 'stale:stale 3', 'without memory, freshness')
  assert.throws(() => ask(before, { seen: { ...before.checkpoint, root: sha256('split view') } }), {
    code: 'status-fork',
  })
})

test('attack: a bit is flipped, by somebody on the way or by who signs the list', async () => {
  const flip = (list: Statement<StatusList>): unknown => {
    const bits = Buffer.alloc(MIN_ENTRIES / 4)
    bits[20] = 1
    return { ...list, predicate: { ...list.predicate, encodedList: `u${gzipSync(bits).toString('base64url')}` } }
  }
  await assert.rejects(
    makeList(9, log.time, flip).then((bundle) => open(bundle)),
    { code: 'subject-mismatch' },
  )
  const bundle = JSON.parse((await makeList(log.leaves.length, log.time)).toString())
  const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('AAAA', 'AAAB')
  bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
  await assert.rejects(open(Buffer.from(canonicalJson(bundle))), { code: 'signature' })

  const dishonest = new StatusBits(MIN_ENTRIES, after.bits.bytes.slice())
  dishonest.set(place.index, 'valid')
  dishonest.set(9, 'revoked')
  const logged = recomputeStatusList(docketsOf(log), scopeAt(after.checkpoint.size, after.issuedAt))
  assert.deepEqual(compareStatusLists(after.bits, logged), { count: 0, differences: [] })
  assert.deepEqual(compareStatusLists(dishonest, logged), {
    count: 2,
    differences: [
      { index: 9, stated: 'revoked', logged: 'valid' },
      { index: place.index, stated: 'valid', logged: 'revoked' },
    ],
  })
  dishonest.bytes.fill(0xff)
  const { count, differences } = compareStatusLists(dishonest, logged)
  assert.deepEqual([count, differences.length], [MIN_ENTRIES, 100])
  assert.throws(() => compareStatusLists(new StatusBits(MIN_ENTRIES + 4), logged), { code: 'status-entries' })
})

test('attack: a list by another key, by a key of the wrong role, for longer than a day, or that is a bomb', async () => {
  const list = await makeList(9, log.time)
  await assert.rejects(open(list, { publicKeyPem: makeSigner().publicKeyPem }), { code: 'hint' })
  const asked: unknown[] = []
  const mayIssue = (...question: unknown[]): boolean => asked.push(question) < 0
  await assert.rejects(open(list, { mayIssue }), { code: 'role' })
  assert.deepEqual(asked, [[keyId, 'https://tidewaiter.example/attestation/status-list/v0.1', log.time]])
  await assert.rejects(open(list, { trustedLogs: [], requireLog: true }), { code: 'log-entry-count' })
  const change = (members: object) =>
    makeList(9, log.time, (same) => ({ ...same, predicate: { ...same.predicate, ...members } })).then((bundle) =>
      open(bundle),
    )
  await assert.rejects(change({ validUntil: '2026-12-31T00:00:00Z' }), { code: 'status-validity' })
  await assert.rejects(change({ encodedList: `u${gzipSync(Buffer.alloc(2 ** 24)).toString('base64url')}` }), {
    code: 'status-length',
  })
  await assert.rejects(change({ entries: 2 ** 22 }), { code: 'status-length' })
  await assert.rejects(change({ entries: MIN_ENTRIES + 1 }), { code: 'status-entries' })
  await assert.rejects(change({ list: 'other' }), { code: 'subject-mismatch' })
})

test('recomputeStatusList() shows the worse of two certificates that share an index, and passes over forged ones', () => {
  const writer = new DocketWriter()
  const one = writer.close('a', writer.announce('a'), { statusIndex: place })
  writer.say('a', { kind: 'revocation', target: one.leaf.entry, action: 'suspend', effectiveFrom: one.leaf.time })
  writer.close('a', writer.announce('a'), { statusIndex: place })
  writer.close('a', writer.announce('a'), { statusIndex: { ...place, index: 2 ** 40 } })
  const bits = recomputeStatusList(docketsOf(writer), {
    list: place.list,
    entries: MIN_ENTRIES,
    size: 99,
    at: writer.time,
  })
  assert.equal(bits.get(place.index), 'suspended')
  assert.equal(bits.bytes.filter((byte) => byte !== 0).length, 1)
})
