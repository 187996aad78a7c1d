/** The whole way of the examples: decisions, the docket of a model, kinship in the register, and the JSON contracts. */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { dossiersOf, homeWithRegister } from './home.ts'
import { jsonOf, ROOT, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

async function clear(ref: string, home: string) {
  const run = await runTidewaiter(['clear', ref, '--home', home, '--format', 'json', '--quiet'])
  assert.equal(run.stderr, '')
  const result = jsonOf(run)
  assertContract('clearance', result)
  return { ...run, result }
}

function readDossier(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'dossier.json'), 'utf8'))
}

test('clear clears examples/oak; twice gives two certificates on one model and one dossier', async (context) => {
  const home = await homeWithRegister(context)
  const first = await clear('examples/oak', home)
  const second = await clear('examples/oak', home)
  for (const { status, result } of [first, second]) {
    assert.equal(status, 0)
    assert.deepEqual([result.decision, result.channel, result.reasons], ['cleared', 'green', []])
  }
  assert.equal(first.result.artefact.id, second.result.artefact.id)
  assert.equal(first.result.dossier.sha256, second.result.dossier.sha256)
  const numbers = [first, second].map(({ result }) => result.certificate.number)
  assert.notEqual(numbers[0], numbers[1])
  assert.deepEqual(dossiersOf(home), numbers.toSorted())
})

test('what verify explains of an own certificate names the own root, and waives neither log nor timestamp', async (context) => {
  const home = await homeWithRegister(context)
  const { result } = await clear('examples/oak', home)
  const bundle = join(home, 'dossiers', result.certificate.number, 'certificate.sigstore.json')
  const words = ['verify', bundle, '--artefact', 'examples/oak', '--home', home, '--quiet', '--explain']
  const root = join(home, 'trust/own/trusted_root.json')
  for (const [tool, wanted] of [
    ['cosign', `--trusted-root ${root} --use-signed-timestamps`],
    ['openssl', `--trusted-root ${root}`],
  ] as const) {
    const { status, stdout } = await runTidewaiter([...words, tool])
    assert.equal(status, 0)
    assert.ok(stdout.includes(wanted), stdout)
    assert.doesNotMatch(stdout, /insecure/)
  }
})

test('clear keeps the key where only its owner can read it', async (context) => {
  const home = await homeWithRegister(context)
  await clear('examples/pickle', home)
  assert.equal(statSync(join(home, 'keys')).mode & 0o777, 0o700)
  assert.equal(statSync(join(home, 'keys/signing-key.pem')).mode & 0o777, 0o600)
})

test('clear finds the parent in the register, and says of a model without kin only what was tested', async (context) => {
  const home = await homeWithRegister(context)
  const oak = await clear('examples/oak', home)
  const birch = await clear('examples/birch', home)
  const { trace } = readDossier(birch.result.dossier.path)
  assert.deepEqual(trace.candidates, [])
  assert.deepEqual([trace.screened, trace.withoutEvidence[0].artefact.id], [1, oak.result.artefact.id])
  assert.ok(existsSync(join(birch.result.dossier.path, 'provenance.sigstore.json')))
  for (const name of ['oak-sft', 'oak-q40']) {
    const { status, result } = await clear(`examples/${name}`, home)
    assert.equal(status, 0)
    assert.deepEqual([result.decision, result.channel], ['cleared-with-advisories', 'amber'])
    assert.equal(result.reasons[0].condition, 'kinship')
    const [candidate] = readDossier(result.dossier.path).trace.candidates
    assert.equal(candidate.artefact.id, oak.result.artefact.id)
    assert.equal(candidate.comparison.verdict, 'derived')
    assert.ok(candidate.comparison.log10p < -12)
  }
})

test('clear holds a pickle that prints when it is loaded, and does not load it', async (context) => {
  const home = await homeWithRegister(context)
  const { status, stdout, result } = await clear('examples/pickle', home)
  assert.equal(status, 20)
  assert.deepEqual([result.decision, result.channel], ['held', 'amber'])
  assert.doesNotMatch(stdout, /this file was loaded/)
  const facts = JSON.parse(readFileSync(join(result.dossier.path, 'facts.json'), 'utf8'))
  const pickle = facts.files.find(({ path }: { path: string }) => path === 'cargo.pkl')
  assert.deepEqual([pickle.format, pickle.reading, pickle.tensors], ['pickle', 'listed', []])
  assert.ok(pickle.opcodes.listed.some(({ name }: { name: string }) => name === 'REDUCE'))
})

test('clear gives the same identity wherever the files stand, and another for one byte', async (context) => {
  const folder = join(temporaryFolder(context), 'elsewhere')
  cpSync(join(ROOT, 'examples/oak'), folder, { recursive: true })
  const identify = async (ref: string) => jsonOf(await runTidewaiter(['inspect', ref, '--format', 'json', '--quiet']))
  const [here, there] = await Promise.all([identify('examples/oak'), identify(folder)])
  for (const inspection of [here, there]) assertContract('inspection', inspection)
  assert.deepEqual(here.artefact, there.artefact)
  rmSync(join(folder, 'README.md'))
  assert.notEqual((await identify(folder)).artefact.id, here.artefact.id)
})

test('clear writes a report and findings that stand by themselves', async (context) => {
  const home = await homeWithRegister(context)
  const { result } = await clear('examples/oak', home)
  const folder = result.dossier.path
  const report = readFileSync(join(folder, 'report.html'), 'utf8')
  assert.match(report, new RegExp(result.certificate.number.replace(/(....)(?=.)/g, '$1\\s?')))
  assert.doesNotMatch(report, /<script|<link|src="http/)
  assert.equal(JSON.parse(readFileSync(join(folder, 'findings.sarif'), 'utf8')).version, '2.1.0')
  assert.ok(existsSync(join(folder, 'fingerprint.twf')))
})

test('doctor and config keep their contracts', async (context) => {
  const home = temporaryFolder(context)
  const doctor = await runTidewaiter(['doctor', '--home', home, '--format', 'json'])
  assert.equal(doctor.status, 0, doctor.stdout)
  assertContract('diagnosis', jsonOf(doctor))
  const config = await runTidewaiter(['config', '--home', home, '--format', 'json'])
  assertContract('configuration', jsonOf(config))
})
