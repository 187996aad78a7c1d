/** Every golden, tampered and foreign bundle of `shared/vectors/interop`, held against the strict verdicts there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../testing/folders.ts'
import { webCryptography } from './cryptography.ts'
import { OMS_TYPE } from './manifest/oms.ts'
import { readTrustedRoot } from './trust/trusted-root.ts'
import { verifyBundle, type VerificationOptions, type VerificationReport } from './verify-bundle.ts'

interface Case {
  readonly name: string
  readonly file: string
  readonly kind: 'oms' | 'cert'
  readonly strict: string
  readonly trustedRoot?: string
}

interface Expected {
  readonly facts: { readonly omsRoot: string; readonly dirHash: string }
  readonly cases: readonly Case[]
}

const FOLDER = ['vectors', 'interop'] as const
const OLD_CERTIFICATE_TYPE = 'https://tidewaiter.example/certificate/v1'

const read = (...path: readonly string[]): Buffer => readFileSync(join(sharedPath(...FOLDER) ?? '', ...path))

async function trusting(file: string): Promise<Partial<VerificationOptions>> {
  const { logs, timestampAuthorities } = await readTrustedRoot(read(file), webCryptography)
  return { trustedLogs: logs, timestampAuthorities }
}

async function settings(kind: Case['kind'], { facts }: Expected, root?: string): Promise<VerificationOptions> {
  return {
    now: Date.parse('2026-11-23T16:00:00Z'),
    publicKeyPem: read('keys', 'signer.pub.pem').toString(),
    ...(await trusting(root ?? 'trusted_root.json')),
    artefact: { sha256: facts.omsRoot, dirHash: facts.dirHash },
    predicateType: kind === 'oms' ? OMS_TYPE : OLD_CERTIFICATE_TYPE,
    requireLog: true,
    requireTimestamp: true,
  }
}

/** The files of the golden model, as its manifest lists them. */
function listFiles(): readonly { readonly path: string; readonly sha256: string }[] {
  const { predicate } = JSON.parse(read('oms.payload.json').toString())
  return predicate.resources.map(({ name, digest }: { name: string; digest: string }) => ({
    path: name,
    sha256: digest,
  }))
}

const expected = (): Expected => JSON.parse(read('expected.json').toString()) as Expected

/** What must come out: verdict and reason, as one text. */
function wanted({ strict }: Case): string {
  return strict.startsWith('accept') ? 'pass:null' : strict
}

function came({ verdict, reason }: VerificationReport): string {
  return `${verdict === 'fail' || verdict === 'malformed' ? 'reject' : verdict}:${reason}`
}

test(
  'verifyBundle() gives the strict verdict on every bundle of the interop vectors',
  needsShared(...FOLDER),
  async (context) => {
    const { cases, ...rest } = expected()
    for (const one of cases) {
      const options = await settings(one.kind, { cases, ...rest }, one.trustedRoot)
      const report = await verifyBundle(read(one.file), options)
      assert.equal(came(report), wanted(one), `${one.name}: ${JSON.stringify(report.checks)}`)
      assert.equal(report.level, report.verdict === 'pass' ? 'logged-and-stamped' : null)
    }
    const accepted = cases.filter((one) => wanted(one) === 'pass:null').length
    context.diagnostic(`${cases.length - accepted} refused with the strict reason code, ${accepted} accepted`)
  },
)

test('verifyBundle() skips the log and never passes when no log is trusted', needsShared(...FOLDER), async () => {
  const { trustedLogs: _, timestampAuthorities: authorities = [], ...options } = await settings('oms', expected())
  const report = await verifyBundle(read('oms.sigstore.json'), { ...options, timestampAuthorities: authorities })
  assert.deepEqual([report.verdict, report.reason, report.level], ['partial', 'log-not-verified', 'stamped'])
  const alone = await verifyBundle(read('oms.sigstore.json'), options)
  assert.deepEqual([alone.verdict, alone.reason, alone.level], ['partial', 'log-not-verified', 'signed'])
  const swapped = await verifyBundle(read('mutants/c01-ts-other-signature.json'), options)
  assert.deepEqual([swapped.verdict, swapped.reason], ['fail', 'timestamp'])
})

test('verifyBundle() takes a bundle that model_signing made', needsShared(...FOLDER), async () => {
  const options = { ...(await settings('oms', expected())), requireLog: false, requireTimestamp: false }
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
    const options = { ...(await settings('cert', expected())), requireLog: false, requireTimestamp: false }
    const file = read('foreign', 'cosign-3.1.3-attest-predicate-offline.json')
    assert.equal((await verifyBundle(file, options)).reason, 'statement-type')
    const bare = await verifyBundle(file, { ...options, foreign: true })
    assert.deepEqual([bare.verdict, bare.reason], ['partial', 'names-not-bound'])
    const logged = read('foreign', 'cosign-3.1.3-attest-statement-live.json')
    const live = await trusting('foreign/cosign-3.1.3-live.trusted_root.json')
    const report = await verifyBundle(logged, { ...(await settings('oms', expected())), ...live })
    assert.equal(came(report), 'pass:null')
    assert.equal(report.level, 'logged-and-stamped')
  },
)

test('verifyBundle() takes a bare signature of cosign as that and no more', needsShared(...FOLDER), async () => {
  const file = read('foreign', 'cosign-3.1.3-sign-blob-live.json')
  const { artefact: _, predicateType: __, ...rest } = await settings('oms', expected())
  const options = { ...rest, ...(await trusting('foreign/cosign-3.1.3-live.trusted_root.json')) }
  const blob = read('oms-preimage.bin')
  const whole = await verifyBundle(file, { ...options, blob })
  assert.deepEqual(
    [whole.verdict, whole.reason, whole.level, whole.statement],
    ['pass', null, 'logged-and-stamped', null],
  )
  const bare = await verifyBundle(file, options)
  assert.deepEqual([bare.verdict, bare.reason, bare.level], ['partial', 'signed-file-missing', null])
  const typed = await verifyBundle(file, { ...options, blob, predicateType: OMS_TYPE })
  assert.deepEqual([typed.verdict, typed.reason], ['fail', 'predicate-type'])
  const other = await verifyBundle(file, { ...options, blob: Buffer.from('other') })
  assert.deepEqual([other.verdict, other.reason], ['fail', 'subject-mismatch'])
  const artefact = { sha256: expected().facts.omsRoot, dirHash: expected().facts.dirHash, files: listFiles() }
  const model = await verifyBundle(file, { ...options, artefact })
  assert.deepEqual([model.verdict, model.reason, model.level], ['partial', 'names-not-bound', 'logged-and-stamped'])
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
