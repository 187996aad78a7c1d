/**
 * Certificates and manifests that we log and stamp, under the unmodified verifiers of others: cosign 3.1.3,
 * `@sigstore/verify` 4.1.3, model_signing 1.1.1, and openssl with the script of the guide.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { dirHash as dirHashOf, formatTime, omsRoot, sha256 as digestText } from '../../src/base/index.ts'
import { issueCertificate, signStatement, webCryptography, writeTrustedRoot } from '../../src/certificate/index.ts'
import { writeCertificates } from '../../src/certificate/timestamp/authority.ts'
import { describeModel, STATEMENT_TYPE } from '../../src/certificate/statement.ts'
import {
  askCosign,
  askModelSigning,
  askOpenssl,
  askSigstore,
  writeModel,
  type ForeignQuestion,
} from '../../src/testing/foreign-verifiers.ts'
import { CLEARED } from '../../src/testing/publication.ts'
import { makeWorld } from '../../src/testing/tampering/index.ts'
import { verifyBundle } from '../../src/verify.ts'
import { runTidewaiter } from '../cli/program.ts'
import { findCosign, findModelSigning } from './clients/tools.ts'

const cosign = findCosign()
const python = findModelSigning()
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-clients-'))
after(() => rmSync(folder, { recursive: true }))

const world = await makeWorld()
const { publisher, options, now } = world
const at = (name: string): string => join(folder, name)
const { sha256 = '', dirHash = '' } = options.artefact ?? {}

const root = { logs: [publisher.trustedLog], timestampAuthorities: [publisher.authority] }
const trust = { key: at('key.pem'), trustedRoot: at('trusted_root.json'), model: writeModel(at('model'), world.files) }
writeFileSync(trust.key, publisher.signer.publicKeyPem)
writeFileSync(trust.trustedRoot, await writeTrustedRoot(root, webCryptography))

const issued = await issueCertificate(
  { model: { name: 'oak', sha256, dirHash }, content: CLEARED, issuedAt: now },
  publisher.signer,
  publisher,
)
const plain = await signStatement(
  {
    _type: STATEMENT_TYPE,
    subject: [describeModel('oak', { sha256, dirHash })],
    predicateType: 'https://example.org/attestation/v1',
    predicate: { said: 'an oak' },
  },
  publisher.signer,
  publisher,
)

function question(name: string, bundle: string, about: Partial<ForeignQuestion>): ForeignQuestion {
  writeFileSync(at(name), bundle)
  const statement = JSON.parse(Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString())
  const { predicateType } = statement
  return { ...trust, bundle: at(name), digest: dirHash, digestAlgorithm: 'dirHash1', predicateType, ...about }
}

const QUESTIONS = [
  question('certificate.json', issued.bundle, {}),
  question('certificate-by-root.json', issued.bundle, { digest: sha256, digestAlgorithm: 'sha256' }),
  question('other.json', plain.bundle, {}),
  question('manifest.json', world.bundle, { digest: sha256, digestAlgorithm: 'sha256' }),
]

test('verifyBundle() passes what the others are asked about', async () => {
  for (const { bundle, predicateType } of QUESTIONS) {
    const report = await verifyBundle(readFileSync(bundle), { ...options, predicateType })
    assert.deepEqual([report.verdict, report.reason], ['pass', null], bundle)
  }
})

test('cosign accepts our certificates with log and timestamp, and no other model', { skip: cosign.skip }, () => {
  for (const one of QUESTIONS) {
    assert.equal(askCosign(cosign.path, one), undefined)
    assert.match(askCosign(cosign.path, { ...one, digest: '0'.repeat(64) }) ?? '', /does not match any digest/)
  }
})

test('@sigstore/verify accepts our certificates and no changed payload', () => {
  for (const one of QUESTIONS) {
    assert.equal(askSigstore(one), undefined)
    const changed = JSON.parse(readFileSync(one.bundle, 'utf8'))
    changed.dsseEnvelope.payload = Buffer.from('{}').toString('base64')
    writeFileSync(at('changed.json'), JSON.stringify(changed))
    assert.match(askSigstore({ ...one, bundle: at('changed.json') }) ?? '', /digest mismatch|signature/)
  }
})

test('openssl and Python’s standard library accept our certificates and no changed file', () => {
  for (const one of QUESTIONS) {
    assert.equal(askOpenssl(one), undefined)
    const model = writeModel(at('changed'), new Map([...world.files, ['README.md', 'An elm.\n']]))
    assert.match(askOpenssl({ ...one, model }) ?? '', /FAILED: all files/)
  }
})

test('model_signing accepts our manifest with log entry and timestamp', { skip: python.skip }, () => {
  assert.deepEqual(askModelSigning(python.path, trust, [at('manifest.json')]), [undefined])
})

test('writeTrustedRoot() gives the value that cosign makes of the same keys', { skip: cosign.skip }, () => {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publisher.trustedLog.publicKey])
  const pem = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' })
  writeFileSync(at('log.pem'), pem)
  writeFileSync(at('chain.pem'), writeCertificates(publisher.authority.chain))
  const { baseUrl, origin } = publisher.trustedLog
  const start = `start-time=${formatTime(publisher.authority.validFrom ?? 0)}`
  const log = `--rekor=url=${baseUrl},public-key=${at('log.pem')},${start},origin=${origin}`
  const authority = `--tsa=url=${publisher.authority.uri},certificate-chain=${at('chain.pem')},${start}`
  execFileSync(cosign.path, ['trusted-root', 'create', log, authority, '--out', at('theirs.json')])
  const read = (name: string): unknown => JSON.parse(readFileSync(at(name), 'utf8'))
  assert.deepEqual(read('trusted_root.json'), read('theirs.json'))
})

/** Names with every oddity that a certificate may have to bind. */
const part = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((name) => name.isWellFormed() && !/[\0-\x1f\x7f/\\]/.test(name) && name !== '.' && name !== '..')
const tree = fc.uniqueArray(
  fc.record({
    path: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    sha256: fc.nat().map(String).map(digestText),
  }),
  { selector: ({ path }) => path, minLength: 1, maxLength: 20 },
)
const TREES = 1000

test(
  `cosign and @sigstore/verify accept our certificates of ${TREES} random trees`,
  { skip: cosign.skip },
  async () => {
    for (const files of fc.sample(tree, { numRuns: TREES, seed: 6 })) {
      const digests = { sha256: omsRoot(files), dirHash: dirHashOf(files) }
      const statement = {
        _type: STATEMENT_TYPE,
        subject: [describeModel(files[0]?.path ?? '', digests)],
        predicateType: 'https://example.org/attestation/v1',
        predicate: { files: files.length },
      } as const
      const { bundle } = await signStatement(statement, publisher.signer, publisher)
      const about = question('tree.json', bundle, { digest: digests.dirHash })
      assert.equal(askCosign(cosign.path, about), undefined, JSON.stringify(files))
      assert.equal(askSigstore(about), undefined, JSON.stringify(files))
    }
  },
)

/** What `verify --explain` prints, run by a shell. */
async function runExplained(tool: string, { bundle, key, trustedRoot, model, predicateType }: ForeignQuestion) {
  const trusted = ['--key', key, '--trusted-root', trustedRoot, '--home', at('home')]
  const words = ['verify', bundle, '--artefact', model, '--type', predicateType, ...trusted, '--explain', tool]
  const { status, stdout } = await runTidewaiter(words)
  assert.equal(status, 0, stdout)
  const PATH = [dirname(cosign.path), dirname(python.path), process.env['PATH']].join(':')
  return execFileSync('sh', ['-euc', stdout], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH },
  })
}

test('the lines that verify --explain prints run as they are', { skip: cosign.skip || python.skip }, async () => {
  for (const one of QUESTIONS) {
    await runExplained('cosign', one)
    assert.match(await runExplained('openssl', one), /ALL CHECKS PASSED\n$/)
  }
  assert.match(await runExplained('model_signing', QUESTIONS.at(-1)!), /Verification succeeded/)
})
