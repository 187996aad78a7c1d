/** `tidewaiter exhibit`: how one model becomes another, written, checked, and refused. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test, after } from 'node:test'
import { needsShared, sharedPath, temporaryFolder } from '../../src/testing/folders.ts'
import { scramble } from '../../src/testing/scramble.ts'
import { fineTune, makeBase, writeModel } from '../../src/testing/zoo.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

interface Left {
  readonly residual: number
}

const undo: (() => void)[] = []
const folder = temporaryFolder({ after: (each) => undo.push(each) })
const home = join(folder, 'home')
const out = join(folder, 'exhibit.json')
const base = makeBase(1)
const a = writeModel(join(folder, "o'ak"), base, 'F32')
const b = writeModel(join(folder, 'scrambled'), scramble(base, 5), 'F32')

const exhibit = (...words: string[]) => runTidewaiter(['exhibit', ...words, '--home', home, '--quiet'])

before(async () => {
  const made = jsonOf(await exhibit(a, b, '--out', out, '--format', 'json'))
  assertContract('exhibit-made', made)
  assert.deepEqual([made.size, made.layers], [readFileSync(out).length, { shown: 4, of: 4 }])
  assert.ok(made.matrices.length === 30 && made.matrices[0].residual < 1e-3)
})

after(() => {
  for (const each of undo) each()
})

test('exhibit check builds the scrambled model from its original and finds next to nothing left over', async () => {
  const checked = jsonOf(await exhibit('check', out, a, b, '--format', 'json'))
  assertContract('exhibit-check', checked)
  assert.deepEqual([checked.holds, checked.reasons, checked.units], [true, [], { paired: 384, of: 384 }])
  const residuals = checked.matrices.map(({ residual }: Left) => residual)
  assert.deepEqual(
    residuals,
    residuals.toSorted((x: number, y: number) => y - x),
  )
  const { stdout } = await exhibit('check', out, a, b)
  assert.match(stdout, /^HOLDS /)
  assert.match(stdout, /A becomes B by renumbering the hidden units, .*rotating the residual stream; what is left over/)
})

test('exhibit check does not hold when a number of the exhibit was changed', async () => {
  const changed = JSON.parse(readFileSync(out, 'utf8'))
  changed.layers[1].units.reverse()
  const path = join(folder, 'changed.json')
  writeFileSync(path, JSON.stringify(changed))
  const { status, stdout } = await exhibit('check', path, a, b)
  assert.equal(status, 1)
  assert.match(stdout, /^DOES NOT HOLD\n {2}- layer 1 gate: 1\.\d+ is left, not /)
})

test('exhibit check refuses other models, and what is no exhibit', async () => {
  const other = writeModel(join(folder, 'other'), fineTune(base, 2), 'F32')
  assertFault(await exhibit('check', out, a, other), 'another-model')
  assertFault(await exhibit('check', out, other, b), 'another-model')
  assertFault(await exhibit('check', out, b, a), 'another-model')
  const path = join(folder, 'wrong.json')
  const text = readFileSync(out, 'utf8')
  const unfit = JSON.parse(text)
  for (const list of ['units', 'up', 'down']) unfit.layers[0][list].push(0)
  for (const wrong of [text.slice(0, -9), '{}', 'null', text.replace('"up"', '"upp"'), JSON.stringify(unfit)]) {
    writeFileSync(path, wrong)
    assertFault(await exhibit('check', path, a, b), 'bad-exhibit')
  }
  truncateSync(path, 400 * 1024 * 1024)
  assertFault(await exhibit('check', path, a, b), 'no-such-file')
})

test('exhibit refuses models that do not agree, those without weights, and calls that are wrong in their words', async () => {
  const none = join(folder, 'none.json')
  const birch = writeModel(join(folder, 'birch'), makeBase(9), 'F32')
  assertFault(await exhibit(a, birch, '--out', none), 'not-aligned')
  assertFault(await exhibit(a, 'examples/pickle', '--out', none), 'unusable-weights')
  assertFault(await exhibit(a, b), 'usage', 2)
  assertFault(await exhibit('check', out, a), 'usage', 2)
  assertFault(await exhibit(a, b, out), 'usage', 2)
  assert.ok(!existsSync(none))
})

test('compare says that labels are scrambled, with the command that writes the exhibit', async () => {
  const { stdout } = await runTidewaiter(['compare', a, b, '--home', home, '--quiet'])
  assert.match(stdout, /^Labels: {4}SCRAMBLED: 384 of 384 units have a partner \(C3\)/m)
  const command = /^Exhibit: {3}tidewaiter (exhibit .* --out )exhibit\.json writes/m.exec(stdout)?.[1] ?? ''
  const again = join(folder, 'again.json')
  execFileSync('sh', ['-c', `bin/tidewaiter ${command}"$0" --home "$1" --quiet`, again, home])
  assert.deepEqual(readFileSync(again), readFileSync(out))
})

test('trained models: what is left over of oak-scrambled is rounding', needsShared('zoo'), async () => {
  const [oak, scrambled] = ['oak', 'oak-scrambled'].map((name) => sharedPath('zoo', name) ?? '')
  const path = join(folder, 'oak.json')
  await exhibit(oak ?? '', scrambled ?? '', '--out', path)
  const checked = jsonOf(await exhibit('check', path, oak ?? '', scrambled ?? '', '--format', 'json'))
  assert.equal(checked.holds, true)
  for (const { residual } of checked.matrices) assert.ok(residual < 0.004, `${residual}`)
})
