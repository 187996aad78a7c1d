/** Real models from the ecosystem: read right, recognised, told apart, and refused when a field of them lies. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, openSync, readFileSync, readSync, writeSync, closeSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GGMLQuantizationType, gguf } from '@huggingface/gguf'
import type { MetadataFact } from '../../src/formats/index.ts'
import type { Comparison } from '../../src/lineage/index.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { homeWithRegister } from '../cli/home.ts'
import { jsonOf, runTidewaiter } from '../cli/program.ts'
import { clearReal, compareReal } from './clearing.ts'
import { findRealModels, type RealModels } from './packages.ts'

const found = findRealModels()
const options = { skip: found.skip }
const NONE: RealModels = { smollm2: '', minilm: '', otherMinilm: '', quantisedMinilm: '' }
const models: RealModels = found.skip === false ? found.models : NONE

/** A value as both readers can be asked for it: lists by their length. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return { items: value.length }
  return typeof value === 'bigint' ? Number(value) : value
}

function ourValue({ value, count }: MetadataFact): unknown {
  return count === undefined ? comparable(value) : { items: count }
}

test('clear reads SmolLM2-135M as @huggingface/gguf reads it: every tensor, every key', options, async (context) => {
  const { status, result, files } = await clearReal(models.smollm2, await homeWithRegister(context))
  assert.deepEqual([status, result.decision], [0, 'cleared'])
  const [file] = files
  const independent = await gguf(models.smollm2, { allowLocalFile: true })
  assert.equal(file?.tensors.length, 272)
  const start = Number(independent.tensorDataOffset)
  assert.deepEqual(
    file.tensors.map(({ name, type, shape, offset }) => ({ name, type, shape, offset })),
    independent.tensorInfos.map(({ name, dtype, shape, offset }) => ({
      name,
      type: GGMLQuantizationType[dtype].toLowerCase(),
      shape: shape.map(Number).toReversed(),
      offset: start + Number(offset),
    })),
  )
  const { version, tensor_count, kv_count, ...keys } = independent.metadata
  assert.deepEqual([version, Number(tensor_count), Number(kv_count)], [3, 272, file.metadata.length])
  for (const fact of file.metadata) {
    const theirs = (keys as Readonly<Record<string, unknown>>)[fact.key]
    if (typeof theirs === 'string') assert.ok(theirs.startsWith(String(fact.value).slice(0, 200)), fact.key)
    else assert.deepEqual(ourValue(fact), comparable(theirs), fact.key)
  }
})

test('clear reads all-MiniLM-L6-v2 as a reader of thirty lines of Python does', options, async (context) => {
  const { status, files } = await clearReal(models.otherMinilm, await homeWithRegister(context))
  assert.equal(status, 0)
  const path = join(models.otherMinilm, 'model.safetensors')
  const script = join(import.meta.dirname, 'read-safetensors.py')
  const independent = JSON.parse(execFileSync('python3', [script, path], { encoding: 'utf8' }))
  const facts = files.find((file) => file.path === 'model.safetensors')
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  assert.deepEqual(
    facts?.tensors
      .map(({ name, type, shape, offset, length }) => ({ name, type, shape, offset, length }))
      .toSorted(byName),
    independent.tensors.toSorted(byName),
  )
  assert.equal(facts?.tensors.length, 104)
  assert.ok(files.every(({ reading }) => reading === 'full'))
})

test(
  'clear recognises the weights of one package in the other, and compare calls them identical',
  options,
  async (context) => {
    const home = await homeWithRegister(context)
    const first = await clearReal(models.minilm, home)
    const second = await clearReal(models.otherMinilm, home)
    assert.notEqual(first.result.artefact.id, second.result.artefact.id)
    const [candidate] = second.dossier.trace.candidates
    assert.equal(candidate.artefact.id, first.result.artefact.id)
    assert.equal(candidate.comparison.verdict, 'identical')
    assert.equal((await compareReal(models.minilm, models.otherMinilm, home)).verdict, 'identical')
  },
)

test(
  'compare finds MiniLM in its int8 graph, every unit and every dimension, and the child',
  options,
  async (context) => {
    const home = temporaryFolder(context)
    const compared: Comparison = await compareReal(models.quantisedMinilm, models.otherMinilm, home)
    const { verdict, direction, layers, effect, control, transformations, tests } = compared
    assert.deepEqual([verdict, direction, effect?.share], ['derived', 'a-from-b', 1])
    assert.deepEqual(
      layers.map(({ a, b, fixed, sampled }) => [a, b, fixed === sampled]),
      [0, 1, 2, 3, 4, 5].map((layer) => [layer, layer, true]),
    )
    assert.match(transformations.join('; '), /quantised to I8: 100 % of the drawn values within half a step/)
    assert.match(tests.find(({ id }) => id === 'C1b')?.statistic ?? '', /^256 of 256 /)
    assert.ok(control?.holds)
    context.diagnostic(`control: ${control.cells} cells, mean ${control.mean}, p ${control.p.toPrecision(2)}`)
  },
)

test('compare never calls SmolLM2 and MiniLM kin', options, async (context) => {
  const home = temporaryFolder(context)
  for (const [a, b] of [
    [models.smollm2, models.minilm],
    [models.otherMinilm, models.smollm2],
    [models.quantisedMinilm, models.smollm2],
  ] as const) {
    const { verdict, log10p, reasons } = await compareReal(a, b, home)
    assert.ok(['insufficient', 'no-weight-evidence'].includes(verdict), `${verdict}: ${reasons.join(' ')}`)
    assert.ok(log10p > -6, `${log10p}`)
  }
})

/** Numbers of the header by their place in the file, and what each is changed to. */
const FIELDS: readonly (readonly [name: string, offset: number, bytes: readonly number[]])[] = [
  ['magic', 0, [0x67]],
  ['version', 4, [9]],
  ['number of tensors', 8, [17]],
  ['number of metadata entries', 16, [255]],
  ['length of the first key', 24, [0, 0, 0, 0, 0, 0, 0, 0x10]],
]

function corrupt(context: Parameters<typeof temporaryFolder>[0], offset: number, bytes: readonly number[]): string {
  const path = join(temporaryFolder(context), 'SmolLM2-135M-Instruct.Q4_1.gguf')
  copyFileSync(models.smollm2, path)
  const file = openSync(path, 'r+')
  writeSync(file, Uint8Array.from(bytes), 0, bytes.length, offset)
  closeSync(file)
  return path
}

/** Offset in the file of the dimensions of the first tensor. */
function firstDimensions(): number {
  const head = Buffer.alloc(4 * 2 ** 20)
  const file = openSync(models.smollm2, 'r')
  readSync(file, head, 0, head.length, 0)
  closeSync(file)
  const name = 'output_norm.weight'
  const known = ['token_embd.weight', name].map((each) => head.indexOf(each) + each.length + 4)
  return Math.min(...known.filter((at) => at > 64))
}

test('clear refuses SmolLM2 of which one field of the header was changed', options, async (context) => {
  const path = corrupt(context, firstDimensions(), [0xff, 0xff])
  const { status, result } = await clearReal(path, await homeWithRegister(context))
  assert.deepEqual([status, result.decision, result.channel], [30, 'refused', 'red'])
  for (const [name, offset, bytes] of FIELDS) {
    const run = await runTidewaiter(['inspect', corrupt(context, offset, bytes), '--format', 'json', '--quiet'])
    const { verdict } = jsonOf(run)
    if (name === 'magic' || name === 'version')
      assert.ok(['defect', 'inconclusive'].includes(verdict), `${name}: ${verdict}`)
    else assert.deepEqual([run.status, verdict], [30, 'defect'], name)
  }
})

test('fingerprint of SmolLM2 is the same with 1 and 2 threads, and has at most 130 KB', options, async (context) => {
  const folder = temporaryFolder(context)
  const [one, two] = [join(folder, 'one.twf'), join(folder, 'two.twf')]
  for (const [out, threads] of [
    [one, '1'],
    [two, '2'],
  ] as const) {
    const run = await runTidewaiter(['fingerprint', models.smollm2, '--out', out, '--threads', threads, '--quiet'])
    assert.equal(run.status, 0, run.stderr)
  }
  assert.ok(readFileSync(one).equals(readFileSync(two)))
  context.diagnostic(`${statSync(one).size} bytes`)
  assert.ok(statSync(one).size <= 130_000, `${statSync(one).size} bytes`)
})
