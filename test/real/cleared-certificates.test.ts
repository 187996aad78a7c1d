/**
 * What the program itself issues, under the unmodified verifiers of others: the certificate, the inspection and the
 * report of descent that `clear` makes, the manifest of `sign --log`, and the verification result of `export`. All are
 * asked for log and timestamp, and none is given a flag that leaves something out.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { dirHash, omsRoot, sha256 } from '../../src/base/index.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import {
  askCosign,
  askModelSigning,
  askOpenssl,
  askSigstore,
  type ForeignQuestion,
} from '../../src/testing/foreign-verifiers.ts'
import { homeWithRegister } from '../cli/home.ts'
import { jsonOf, ROOT, runTidewaiter } from '../cli/program.ts'
import { findCosign, findModelSigning } from './clients/tools.ts'

const cosign = findCosign()
const python = findModelSigning()
const undo: (() => void)[] = []
const MODEL = join(ROOT, 'examples/oak-sft')

let folder: string
/** By name: certificate, inspection, provenance, svr and manifest. */
let questions: ReadonlyMap<string, ForeignQuestion>

async function run(words: readonly string[], home: string): Promise<string> {
  const { stdout, stderr } = await runTidewaiter([...words, '--home', home, '--quiet'])
  assert.equal(stderr, '')
  return stdout
}

function typeOf(bundle: string): string {
  const { payload } = JSON.parse(readFileSync(bundle, 'utf8')).dsseEnvelope
  return JSON.parse(Buffer.from(payload, 'base64').toString()).predicateType
}

/** Digests of the model, from the bytes and from nothing that was issued. */
function digestModel() {
  const entries = readdirSync(MODEL, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map(({ parentPath, name }) => {
    const path = join(parentPath, name)
    return { path: relative(MODEL, path), sha256: sha256(readFileSync(path)) }
  })
  return { root: omsRoot(files), dirHash: dirHash(files) }
}

before(async () => {
  const cleanable = { after: (each: () => void) => void undo.push(each) }
  const home = await homeWithRegister(cleanable)
  folder = temporaryFolder(cleanable)
  await run(['clear', 'examples/oak'], home)
  const { certificate, dossier } = JSON.parse(await run(['clear', MODEL, '--format', 'json'], home))
  const [manifest, svr] = [join(folder, 'model.sig'), join(folder, 'svr.json')]
  await run(['sign', MODEL, '--out', manifest, '--log'], home)
  await run(['export', certificate.number, '--out', svr], home)
  const trust = { key: certificate.publicKey, trustedRoot: join(home, 'trust/own/trusted_root.json'), model: MODEL }
  const digests = digestModel()
  const about = (bundle: string): ForeignQuestion => ({
    ...trust,
    bundle,
    predicateType: typeOf(bundle),
    digest: digests.dirHash,
    digestAlgorithm: 'dirHash1',
  })
  const inDossier = (name: string): ForeignQuestion => about(join(dossier.path, `${name}.sigstore.json`))
  questions = new Map([
    ['certificate', inDossier('certificate')],
    ['inspection', inDossier('inspection')],
    ['provenance', inDossier('provenance')],
    ['svr', about(svr)],
    ['manifest', { ...about(manifest), digest: digests.root, digestAlgorithm: 'sha256' }],
  ])
})

after(() => {
  for (const each of undo) each()
})

test('cosign accepts what clear, sign --log and export write, with log and timestamp', { skip: cosign.skip }, () => {
  for (const [name, question] of questions) assert.equal(askCosign(cosign.path, question), undefined, name)
})

test(
  'cosign refuses each when asked about another model, another type, and without its entry',
  { skip: cosign.skip },
  () => {
    for (const [name, question] of questions) {
      assert.notEqual(askCosign(cosign.path, { ...question, digest: sha256('another') }), undefined, name)
      assert.notEqual(askCosign(cosign.path, { ...question, predicateType: 'https://example.org/x' }), undefined, name)
      const stripped = JSON.parse(readFileSync(question.bundle, 'utf8'))
      delete stripped.verificationMaterial.tlogEntries
      const bundle = join(folder, `${name}-stripped.json`)
      writeFileSync(bundle, JSON.stringify(stripped))
      assert.notEqual(askCosign(cosign.path, { ...question, bundle }), undefined, name)
    }
  },
)

test('@sigstore/verify accepts them by its defaults: one log entry, one timestamp', () => {
  for (const [name, question] of questions) assert.equal(askSigstore(question), undefined, name)
})

test('openssl and Python alone accept them by the script of the guide, model included', () => {
  for (const [name, question] of questions) {
    assert.equal(askOpenssl(question), undefined, name)
    assert.notEqual(askOpenssl({ ...question, model: join(ROOT, 'examples/birch') }), undefined, name)
  }
})

test('model_signing accepts the manifest of sign --log', { skip: python.skip }, () => {
  const { bundle, ...question } = questions.get('manifest') ?? assert.fail()
  assert.deepEqual(askModelSigning(python.path, question, [bundle]), [undefined])
})

test('tidewaiter verify passes them for a stranger who has key and trusted root alone', async () => {
  for (const [name, { bundle, key, trustedRoot, model, predicateType }] of questions) {
    const words = ['verify', bundle, '--artefact', model, '--key', key, '--trusted-root', trustedRoot]
    const stranger = ['--type', predicateType, '--home', join(folder, 'nobody'), '--format', 'json', '--quiet']
    const report = jsonOf(await runTidewaiter([...words, ...stranger]))
    assert.deepEqual([report.verdict, report.level], ['pass', 'logged-and-stamped'], name)
  }
})
