/** Deep inspections: asked for, interrupted, gone on with, shown. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { scramble } from '../../src/testing/scramble.ts'
import { fineTune, makeBase, writeModel } from '../../src/testing/zoo.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter, startTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

const SHAPE = { width: 256, hidden: 512, vocabulary: 256, layers: 8 }

test('deep run that is interrupted keeps its steps; the next run goes on and comes to the end', async (context) => {
  const [home, folder] = [await homeWithRegister(context), temporaryFolder(context)]
  const base = makeBase(1, SHAPE)
  const [a, b] = [writeModel(join(folder, 'a'), fineTune(base, 2)), writeModel(join(folder, 'b'), base)]
  const deep = (...words: string[]): string[] => ['deep', ...words, '--home', home, '--format', 'json']
  const added = jsonOf(await runTidewaiter(deep('add', a, b, '--kind', 'every-cell')))
  assertContract('deep-inspections', added)
  const [{ id }] = added.inspections
  const running = startTidewaiter(deep('run'))
  await running.seen(/^open [^]*^open /m)
  running.child.kill('SIGINT')
  const { status, stdout, stderr } = await running.ended
  assert.deepEqual([status, stdout], [130, ''], stderr)
  assert.match(stderr, /^deep +stopped after \d+ of 65 steps, which are kept/m)
  const kept = jsonOf(await runTidewaiter(deep('list')))
  assertContract('deep-inspections', kept)
  assert.deepEqual([kept.inspections.length, kept.inspections[0].status], [1, 'waiting'])
  const ran = jsonOf(await runTidewaiter(deep('run', '--once')))
  assertContract('deep-inspections', ran)
  assert.deepEqual([ran.inspections[0].status, ran.inspections[0].result.verdict], ['done', 'derived'])
  assert.deepEqual(jsonOf(await runTidewaiter(deep('show', id.slice(-8)))), ran)
  const shown = await runTidewaiter(['deep', 'show', id, '--home', home])
  assert.match(shown.stdout, /^DERIVED /)
})

test('deep run finds a scrambled model without tokens by the blind kind, of which compare finds nothing', async (context) => {
  const [home, folder] = [await homeWithRegister(context), temporaryFolder(context)]
  const base = makeBase(1, { width: 96, hidden: 256, vocabulary: 64, layers: 5 })
  const child = [...scramble(fineTune(base, 2, 0.1), 3)].filter(([name]) => !/embed|lm_head/.test(name))
  const [a, b] = [writeModel(join(folder, 'a'), new Map(child)), writeModel(join(folder, 'b'), base)]
  const json = ['--home', home, '--format', 'json']
  const { verdict } = jsonOf(await runTidewaiter(['compare', a, b, ...json]))
  assert.ok(['no-weight-evidence', 'inconclusive'].includes(verdict), verdict)
  assert.equal(jsonOf(await runTidewaiter(['deep', 'add', a, b, ...json])).inspections[0].kind, 'blind')
  const running = startTidewaiter(['deep', 'run', ...json])
  await running.seen(/^open [^]*^open /m)
  running.child.kill('SIGINT')
  const { status, stderr } = await running.ended
  assert.equal(status, 130, stderr)
  assert.match(stderr, /^deep +stopped after \d+ of 101 steps, which are kept/m)
  const ran = jsonOf(await runTidewaiter(['deep', 'run', ...json]))
  assertContract('deep-inspections', ran)
  const [{ result }] = ran.inspections
  assert.deepEqual([result.verdict, result.alignment.test, result.alignment.scrambled], ['derived', 'C4', true])
})

test('deep refuses verbs, numbers of words and identifiers that it does not know', async (context) => {
  const home = await homeWithRegister(context)
  const other = ['add', 'examples/oak', 'examples/birch', '--kind', 'by-taste']
  for (const words of [['open'], ['add', 'examples/oak'], other, ['run', 'now'], ['show', 'zzzz'], ['show', 'abcd']])
    assertFault(await runTidewaiter(['deep', ...words, '--home', home]), 'usage', 2)
  const { stdout, status } = await runTidewaiter(['deep', 'run', '--home', home])
  assert.deepEqual([status, stdout], [0, 'nothing waits\n'])
})
