/** Every golden, tampered and foreign bundle of `shared/vectors/interop`, held against the strict verdicts there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { needsShared, sharedPath } from '../testing/folders.ts'
import type { TrustedLog } from './check-log.ts'
import { OMS_TYPE } from './oms.ts'
import { verifyBundle, type VerificationOptions, type VerificationReport } from './verify-bundle.ts'

interface Case {
  readonly name: string
  readonly file: string
  readonly kind: 'oms' | 'cert'
  readonly strict: string
}

interface Expected {
  readonly facts: { readonly omsRoot: string; readonly dirHash: string }
  readonly cases: readonly Case[]
}

interface TrustedRoot {
  readonly tlogs: readonly { readonly baseUrl: string; readonly publicKey: { readonly rawBytes: string } }[]
}

const FOLDER = ['vectors', 'interop'] as const
const OLD_CERTIFICATE_TYPE = 'https://tidewaiter.example/certificate/v1'
/** What only a verified timestamp can tell; until then such a bundle is `partial`. */
const NEEDS_TIMESTAMPS = ['reject:timestamp', 'reject:timestamp-future']

const read = (...path: readonly string[]): Buffer => readFileSync(join(sharedPath(...FOLDER) ?? '', ...path))

function readLogs(file: string): readonly TrustedLog[] {
  const { tlogs } = JSON.parse(read(file).toString()) as TrustedRoot
  return tlogs.map(({ baseUrl, publicKey }) => ({
    origin: new URL(baseUrl).hostname,
    publicKey: Buffer.from(publicKey.rawBytes, 'base64').subarray(-32),
  }))
}

function settings(kind: Case['kind'], { facts }: Expected): VerificationOptions {
  return {
    now: Date.parse('2026-11-23T00:00:00Z'),
    publicKeyPem: read('keys', 'signer.pub.pem').toString(),
    trustedLogs: readLogs('trusted_root.json'),
    artefact: { sha256: facts.omsRoot, dirHash: facts.dirHash },
    predicateType: kind === 'oms' ? OMS_TYPE : OLD_CERTIFICATE_TYPE,
    requireLog: true,
    requireTimestamp: true,
  }
}

const expected = (): Expected => JSON.parse(read('expected.json').toString()) as Expected

/** What must come out: verdict and reason, as one text. */
function wanted({ strict }: Case): string {
  if (strict.startsWith('accept') || NEEDS_TIMESTAMPS.includes(strict)) return 'partial:timestamp-not-verified'
  return strict
}

function came({ verdict, reason }: VerificationReport): string {
  return `${verdict === 'fail' || verdict === 'malformed' ? 'reject' : verdict}:${reason}`
}

function printTable(context: TestContext, rows: readonly (readonly [Case, string])[]): void {
  const count = (choose: (test: Case) => boolean): number => rows.filter(([one]) => choose(one)).length
  const late = count(({ strict }) => NEEDS_TIMESTAMPS.includes(strict))
  const accepted = count(({ strict }) => strict.startsWith('accept'))
  context.diagnostic(`${rows.length - late - accepted} refused with the strict reason code`)
  context.diagnostic(`${late} need timestamps: not verified, verdict partial`)
  context.diagnostic(`${accepted} to be accepted: all checks but the timestamp hold, verdict partial`)
}

test(
  'verifyBundle() gives the strict verdict on every bundle of the interop vectors',
  needsShared(...FOLDER),
  async (context) => {
    const { cases, ...rest } = expected()
    const rows: (readonly [Case, string])[] = []
    for (const one of cases) {
      const report = await verifyBundle(read(one.file), settings(one.kind, { cases, ...rest }))
      assert.equal(came(report), wanted(one), `${one.name}: ${JSON.stringify(report.checks)}`)
      assert.notEqual(report.verdict, 'pass')
      rows.push([one, came(report)])
    }
    printTable(context, rows)
  },
)

test('verifyBundle() skips the log and never passes when no log is trusted', needsShared(...FOLDER), async () => {
  const { trustedLogs: _, ...options } = settings('oms', expected())
  const report = await verifyBundle(read('oms.sigstore.json'), options)
  assert.equal(report.verdict, 'partial')
  assert.equal(report.reason, 'log-not-verified')
})

test('verifyBundle() takes a bundle that model_signing made', needsShared(...FOLDER), async () => {
  const options = { ...settings('oms', expected()), requireLog: false, requireTimestamp: false }
  const report = await verifyBundle(read('foreign', 'model_signing-1.1.1.json'), options)
  assert.deepEqual([report.verdict, report.reason], ['pass', null])
  const other = { sha256: options.artefact?.sha256 ?? '', dirHash: '0'.repeat(64) }
  const swapped = await verifyBundle(read('foreign', 'model_signing-1.1.1.json'), { ...options, artefact: other })
  assert.deepEqual([swapped.verdict, swapped.reason], ['fail', 'subject-mismatch'])
})

test(
  'verifyBundle() takes what cosign made only where foreign statements are asked for',
  needsShared(...FOLDER),
  async () => {
    const options = { ...settings('cert', expected()), requireLog: false, requireTimestamp: false }
    const file = read('foreign', 'cosign-3.1.3-attest-predicate-offline.json')
    assert.equal((await verifyBundle(file, options)).reason, 'statement-type')
    const bare = await verifyBundle(file, { ...options, foreign: true })
    assert.deepEqual([bare.verdict, bare.reason], ['partial', 'names-not-bound'])
    const logged = read('foreign', 'cosign-3.1.3-attest-statement-live.json')
    const trustedLogs = readLogs('foreign/cosign-3.1.3-live.trusted_root.json')
    const report = await verifyBundle(logged, { ...settings('oms', expected()), trustedLogs })
    assert.equal(came(report), 'partial:timestamp-not-verified')
  },
)

test('verifyBundle() says why it does not take a bare message signature', needsShared(...FOLDER), async () => {
  const report = await verifyBundle(read('foreign', 'cosign-3.1.3-sign-blob-live.json'), settings('oms', expected()))
  assert.deepEqual([report.verdict, report.reason], ['malformed', 'content'])
})

test(
  'verifyBundle() says why it does not take bundles signed by certificate',
  needsShared('vectors', 'oms'),
  async () => {
    for (const name of ['certificate', 'sigstore']) {
      const path = sharedPath('vectors', 'oms', 'test-vectors', 'v1.0', 'valid', `${name}.bundle.json`) ?? ''
      const report = await verifyBundle(readFileSync(path), { now: 0 })
      assert.deepEqual([report.verdict, report.reason], ['malformed', 'key-method'])
    }
  },
)
