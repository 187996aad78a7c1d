/** Comparing and tracing the examples, of which it is known who descends from whom. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

const KIN = ['identical', 're-derived', 'derived', 'merge', 'common-origin']

interface Outcome {
  readonly log10p: number | null
  readonly assumption: string
}

interface Candidate {
  readonly artefact: { readonly ref: string }
  readonly verdict: string
}

async function compare(a: string, b: string, home: string) {
  const run = await runTidewaiter(['compare', a, b, '--home', home, '--format', 'json', '--quiet'])
  assert.deepEqual([run.status, run.stderr], [0, ''])
  const result = jsonOf(run)
  assertContract('comparison', result)
  return result
}

async function fingerprint(ref: string, out: string, more: readonly string[] = []) {
  const run = await runTidewaiter(['fingerprint', ref, '--out', out, '--format', 'json', '--quiet', ...more])
  assert.equal(run.status, 0, run.stderr)
  assertContract('fingerprint', jsonOf(run))
  return readFileSync(out)
}

test('compare finds a fine-tuned and a quantised model derived, with p of at most 1e-12', async (context) => {
  const home = temporaryFolder(context)
  for (const name of ['oak-sft', 'oak-q40']) {
    const { verdict, log10p, control, tests } = await compare('examples/oak', `examples/${name}`, home)
    assert.equal(verdict, 'derived')
    assert.ok(log10p <= -12, `${log10p}`)
    assert.equal(control.holds, true)
    assert.ok(tests.every(({ log10p: p, assumption }: Outcome) => (p === null) === (assumption === '')))
  }
})

test('compare finds no evidence between models that share everything but their weights, and says what it did not test', async (context) => {
  const { verdict, log10p, untested, reasons } = await compare(
    'examples/oak',
    'examples/birch',
    temporaryFolder(context),
  )
  assert.equal(verdict, 'no-weight-evidence')
  assert.ok(log10p > -6, `${log10p}`)
  assert.ok(untested.length > 0)
  assert.doesNotMatch(JSON.stringify(reasons), /\b(independent|clean|safe|stolen)\b/i)
})

test('compare finds a model identical with itself', async (context) => {
  const { verdict } = await compare('examples/oak', 'examples/oak', temporaryFolder(context))
  assert.equal(verdict, 'identical')
})

test('compare says insufficient of a folder without weights', async (context) => {
  const { verdict } = await compare('examples/oak', 'examples/pickle', temporaryFolder(context))
  assert.equal(verdict, 'insufficient')
})

test('fingerprint writes the same bytes with any number of threads, and stands in for the model', async (context) => {
  const home = temporaryFolder(context)
  const [one, three] = [join(home, 'one.twf'), join(home, 'three.twf')]
  const bytes = await fingerprint('examples/oak', one, ['--threads', '1'])
  assert.deepEqual(await fingerprint('examples/oak', three, ['--threads', '3']), bytes)
  assert.equal((await compare(one, 'examples/oak-sft', home)).verdict, 'derived')
  assert.ok(!KIN.includes((await compare(one, 'examples/birch', home)).verdict))
})

test('compare refuses a fingerprint of which a byte was changed or cut', async (context) => {
  const home = temporaryFolder(context)
  const path = join(home, 'oak.twf')
  const bytes = await fingerprint('examples/oak', path)
  const broken = join(home, 'broken.twf')
  for (const wrong of [
    bytes.subarray(0, bytes.length - 1),
    Buffer.concat([bytes, Buffer.from([0])]),
    Buffer.alloc(0),
  ]) {
    writeFileSync(broken, wrong)
    assertFault(await runTidewaiter(['compare', broken, 'examples/oak', '--home', home, '--quiet']), /./)
  }
})

test('trace puts the parent first and keeps the contract', async (context) => {
  const words = ['trace', 'examples/oak-sft', '--against', 'examples/birch', 'examples/oak', 'examples/pickle']
  const run = await runTidewaiter([...words, '--home', temporaryFolder(context), '--format', 'json', '--quiet'])
  assert.deepEqual([run.status, run.stderr], [0, ''])
  const trace = jsonOf(run)
  assertContract('trace', trace)
  assert.deepEqual(
    trace.candidates.map(({ artefact, verdict }: Candidate) => [artefact.ref, verdict]),
    [
      ['examples/oak', 'derived'],
      ['examples/birch', 'no-weight-evidence'],
      ['examples/pickle', 'insufficient'],
    ],
  )
})
