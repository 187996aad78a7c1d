/** `tidewaiter rederive` as a user calls it: a cast is run again, signed, and its statement verifies. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { fineTune, makeBase, writeModel } from '../../src/testing/zoo.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { homeWithRegister } from './home.ts'
import { assertContract } from './schemas.ts'

test('tidewaiter rederive proves a cast, signs it, and says of another model what differs', async (context) => {
  const folder = temporaryFolder(context)
  const base = makeBase(1)
  const parent = writeModel(join(folder, 'parent'), base, 'F32')
  const child = writeModel(join(folder, 'child'), base, 'BF16')
  const other = writeModel(join(folder, 'other'), fineTune(base, 2), 'BF16')
  const statement = join(folder, 'statement.json')
  const env = { TIDEWAITER_HOME: join(folder, 'home') }
  const words = ['rederive', parent, child, '--as', 'cast', '--format', 'json', '--quiet', '--statement', statement]
  const proved = jsonOf(await runTidewaiter(words, { env }))
  assertContract('rederivation', proved)
  assert.equal(proved['outcome'], 're-derived')
  assert.equal(proved['isDirected'], true)
  const [key = ''] = globSync(join(folder, 'home/keys/*.pub*'))
  const verified = await runTidewaiter(['verify', statement, '--key', key, '--artefact', child], { env })
  assert.match(verified.stdout, /holds +signature/)
  const named = JSON.parse(
    Buffer.from(JSON.parse(readFileSync(statement, 'utf8')).dsseEnvelope.payload, 'base64').toString(),
  )
  assert.deepEqual(
    [named.subject[0].name, named.predicate.parents[0].name],
    ['child', 'parent'],
    'no path of this machine',
  )
  const refused = await runTidewaiter(['rederive', parent, other, '--quiet'], { env })
  assert.match(refused.stdout, /^NOT-RE-DERIVED {2}as gguf/)
  assert.match(refused.stdout, /no proof against the declaration/)
})

test('rederive --log says the outcome on the record of the child, and stripped of its entry it is refused', async (context) => {
  const folder = temporaryFolder(context)
  const home = await homeWithRegister(context)
  const base = makeBase(1)
  const [parent, child] = [join(folder, 'parent'), join(folder, 'child')]
  writeModel(parent, base, 'F32')
  writeModel(child, base, 'BF16')
  const words = ['rederive', parent, child, '--as', 'cast', '--log', '--home', home, '--quiet']
  assertFault(await runTidewaiter(words), 'usage', 2)
  const [first, second] = [join(folder, 'first.json'), join(folder, 'second.json')]
  for (const path of [first, second]) assert.equal((await runTidewaiter([...words, '--statement', path])).status, 0)
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  const docketOf = (path: string) =>
    JSON.parse(Buffer.from(read(path).dsseEnvelope.payload, 'base64').toString()).predicate.docket
  assert.deepEqual([docketOf(first).seq, docketOf(second).seq], [0, 1])
  const root = join(home, 'trust/own/trusted_root.json')
  const verify = (path: string) =>
    runTidewaiter(['verify', path, '--artefact', child, '--trusted-root', root, '--home', home, '--quiet'])
  assert.match((await verify(second)).stdout, /published in a trusted log, and stamped.*\nPASS/)
  const stripped = read(second)
  stripped.verificationMaterial.tlogEntries = []
  writeFileSync(second, JSON.stringify(stripped))
  assert.match((await verify(second)).stdout, /FAIL \(log-entry-count\)/)
  assert.equal(existsSync(join(home, 'dossiers')), false)
})

test('tidewaiter rederive merges by a recipe in YAML, and refuses what it cannot run', async (context) => {
  const folder = temporaryFolder(context)
  const [one, two] = [makeBase(1), makeBase(2)]
  const merged = new Map(
    [...one].map(([name, { shape, values }]) => {
      const other = two.get(name)?.values ?? values
      return [name, { shape, values: values.map((x, i) => Math.fround(0.5 * x) + Math.fround(0.25 * (other[i] ?? 0))) }]
    }),
  )
  const [a, b] = [writeModel(join(folder, 'a'), one, 'F32'), writeModel(join(folder, 'b'), two, 'F32')]
  const child = writeModel(join(folder, 'child'), merged, 'F16')
  const recipe = join(folder, 'recipe.yml')
  const models = [a, b]
    .map((ref, i) => `  - model: ${ref}\n    parameters:\n      weight: ${[0.5, 0.25][i]}\n`)
    .join('')
  writeFileSync(recipe, `merge_method: linear\nmodels:\n${models}parameters:\n  normalize: false\ndtype: float32\n`)
  const call = ['rederive', a, child, '--recipe', recipe, '--quiet']
  assert.match((await runTidewaiter(call)).stdout, /^RE-DERIVED {2}as merge \(method linear; weights 0\.5, 0\.25/)
  writeFileSync(recipe, 'merge_method: dare_ties\nmodels: []\n')
  const refused = await runTidewaiter(call)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /merge_method is none of linear, slerp, task_arithmetic/)
})
