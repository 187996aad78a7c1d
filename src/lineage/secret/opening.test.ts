import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel, type TestModel } from '../../testing/models.ts'
import { fineTune, makeBase, writeModel, writeQuantised, type ZooModel } from '../../testing/zoo.ts'
import { challengeKit, readChallenge } from './challenge.ts'
import { checkOpening, type OpeningResult } from './check-opening.ts'
import { makeKit } from './make-kit.ts'
import { maskKit } from './mask-kit.ts'
import { openKit, type Opening } from './open-kit.ts'
import type { SecretKit } from './secret-kit.ts'

const KEY = { seed: Buffer.alloc(32, 7), panel: Buffer.alloc(32, 8) }
const SECRET = Buffer.alloc(32, 9)
const BASE = makeBase(1)

function write(context: TestContext, model: ZooModel): Promise<TestModel> {
  return openModel(writeModel(temporaryFolder(context), model))
}

async function make({ opened, facts }: TestModel): Promise<SecretKit> {
  return (await makeKit(opened, facts, { key: KEY, secret: SECRET, threads: 1 })).kit
}

interface Opened {
  readonly folder: string
  check(): OpeningResult
  /** Changes what the opening says. */
  edit(change: (opening: Opening) => Opening): void
}

async function open(context: TestContext, model: TestModel, at: { kit: SecretKit; beacon: string }): Promise<Opened> {
  const challenge = challengeKit(at.kit, at.beacon)
  const folder = join(temporaryFolder(context), 'opening')
  const { opened, facts } = model
  await openKit(opened, facts, { kit: at.kit, challenge, folder, secret: SECRET, threads: 1 })
  const path = join(folder, 'opening.json')
  return {
    folder,
    check: () => checkOpening(folder, { kit: at.kit, challenge, key: KEY }),
    edit: (change) => writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Opening))),
  }
}

function failures({ checks }: OpeningResult): string[] {
  return [...new Set(checks.filter(({ holds }) => !holds).map(({ what }) => what))]
}

test('checkOpening() holds for an honest registrant, whatever the beacon and the container', async (context) => {
  const model = await write(context, BASE)
  const gguf = await openModel(writeQuantised(join(temporaryFolder(context), 'model.gguf'), BASE))
  for (const each of [model, gguf]) {
    const kit = await make(each)
    for (let i = 0; i < 8; i++) {
      const result = (await open(context, each, { kit, beacon: `round ${i}` })).check()
      assert.equal(result.verdict, 'holds', failures(result).join())
      assert.ok(result.checks.length >= 21)
    }
  }
})

test('checkOpening() catches a kit that was made of another model, under every beacon', async (context) => {
  const kit = await make(await write(context, BASE))
  const own = await write(context, makeBase(2))
  const { root, leaves } = await make(own)
  const lie = { ...kit, root, leaves }
  for (let i = 0; i < 10; i++) {
    const found = failures((await open(context, own, { kit: lie, beacon: `${i}` })).check())
    assert.ok(found.includes('unit signs') && found.includes('mark'), found.join())
  }
})

test('checkOpening() catches signs of a fine-tuned model: near is not equal', async (context) => {
  const kit = await make(await write(context, BASE))
  const own = await write(context, fineTune(BASE, 3, 0.02))
  const honest = await make(own)
  for (const lie of [{ units: kit.units }, { panel: kit.panel }]) {
    const found = failures((await open(context, own, { kit: { ...honest, ...lie }, beacon: '1' })).check())
    assert.deepEqual(found, ['panel' in lie ? 'panel signs' : 'unit signs'])
  }
})

test('checkOpening() catches swapped tensors, changed bytes, salts, paths, claims and missing answers', async (context) => {
  const model = await write(context, BASE)
  const kit = await make(model)
  const at = { kit, beacon: 'x' }
  const swapped = await open(context, model, at)
  copyFileSync(join(swapped.folder, 'tensor-1.bin'), join(swapped.folder, 'tensor-0.bin'))
  assert.ok(failures(swapped.check()).includes('bytes'))
  const changed = await open(context, model, at)
  const bytes = readFileSync(join(changed.folder, 'tensor-0.bin'))
  bytes[0] = (bytes[0] ?? 0) ^ 1
  writeFileSync(join(changed.folder, 'tensor-0.bin'), bytes)
  assert.ok(failures(changed.check()).includes('bytes'))
  const edits: [string, (entry: Opening['opened'][number]) => Opening['opened'][number]][] = [
    ['root', (entry) => ({ ...entry, salt: '0'.repeat(64) })],
    ['root', (entry) => ({ ...entry, path: entry.path.toReversed() })],
    ['root', (entry) => ({ ...entry, path: entry.path.slice(1) })],
    ['root', (entry) => ({ ...entry, content: entry.content.replace('"bias":false', '"bias":true') })],
    ['bytes', (entry) => ({ ...entry, content: entry.content.replace('"rows":', '"rows":1') })],
    ['answer', (entry) => ({ ...entry, leaf: entry.leaf + 1 })],
  ]
  for (const [what, edit] of edits) {
    const edited = await open(context, model, at)
    edited.edit((opening) => ({
      ...opening,
      opened: opening.opened.map((entry, i) => (i === 0 ? edit(entry) : entry)),
    }))
    const result = edited.check()
    assert.ok(
      result.verdict === 'contradicted' && failures(result).includes(what),
      `${what}: ${failures(result).join()}`,
    )
  }
  const missing = await open(context, model, at)
  missing.edit((opening) => ({ ...opening, opened: opening.opened.slice(1) }))
  assert.deepEqual(failures(missing.check()), ['answer'])
})

test('openKit() refuses to open another model or under another secret', async (context) => {
  const kit = await make(await write(context, BASE))
  const challenge = challengeKit(kit, 'x')
  const folder = join(temporaryFolder(context), 'opening')
  for (const [seed, secret] of [
    [2, SECRET],
    [1, Buffer.alloc(32, 1)],
  ] as const) {
    const { opened, facts } = await write(context, makeBase(seed))
    await assert.rejects(openKit(opened, facts, { kit, challenge, folder, secret, threads: 1 }), {
      code: 'cannot-open',
    })
  }
})

test('challengeKit() catches a share of forged layers as often as is stated', async (context) => {
  const kit = await make(await write(context, BASE))
  // One of four layers forged: three of twelve sign-bearing matrices. Missed when both choices fall on the other nine.
  const forged = new Set([0, 1, 2])
  const stated = 1 - (9 * 8) / (12 * 11)
  const rounds = 4000
  let caught = 0
  const seen = new Map<number, number>()
  for (let i = 0; i < rounds; i++) {
    const { leaves } = challengeKit(kit, `beacon ${i}`)
    caught += leaves.some((leaf) => forged.has(leaf)) ? 1 : 0
    for (const leaf of leaves) seen.set(leaf, (seen.get(leaf) ?? 0) + 1)
  }
  assert.ok(Math.abs(caught / rounds - stated) < 4 * Math.sqrt(0.25 / rounds), `${caught / rounds} of ${stated}`)
  assert.ok(
    [...seen.values()].every((count) => count > 200),
    'every place is chosen now and then',
  )
  assert.equal(new Set(challengeKit(kit, 'x').leaves).size, 3)
})

test('readChallenge() refuses leaves that the beacon does not give', async (context) => {
  const kit = await make(await write(context, BASE))
  const other = maskKit(kit, KEY.seed)
  const challenge = challengeKit(kit, 'x')
  assert.deepEqual(readChallenge(JSON.stringify(challenge), kit), challenge)
  const leaves = challenge.leaves.map((leaf) => (leaf + 1) % 12)
  for (const text of [
    '',
    '[]',
    JSON.stringify({ ...challenge, leaves }),
    JSON.stringify({ ...challenge, beacon: 'y' }),
  ])
    assert.throws(() => readChallenge(text, kit), { code: 'bad-challenge' })
  assert.throws(() => readChallenge(JSON.stringify(challenge), other), { code: 'bad-challenge' })
  assert.throws(() => challengeKit(kit, ''), { code: 'bad-beacon' })
})
