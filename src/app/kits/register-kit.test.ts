import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sha256 } from '../../base/index.ts'
import { encodeFingerprint, fingerprintModel } from '../../lineage/index.ts'
import { encodeKit, issueKitKey, makeKit, panelSeed, unsealKitKey } from '../../lineage/secret/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel, type TestModel } from '../../testing/models.ts'
import { makeEntry, useRegister } from '../../testing/register.ts'
import { fineTune, makeBase, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { registerKit, type Registered } from './register-kit.ts'

const MASTER = Buffer.alloc(32, 1)
const PANEL = panelSeed(MASTER)
const home = useRegister()

function write(context: TestContext, model: ZooModel): Promise<TestModel> {
  return openModel(writeModel(temporaryFolder(context), model))
}

interface Claim {
  readonly registrant: string
  readonly model: ZooModel
  readonly seed: number
  readonly against?: readonly ZooModel[]
}

async function claim(context: TestContext, { registrant, model, seed, against = [] }: Claim): Promise<Registered> {
  const key = { seed: Buffer.alloc(32, seed), panel: PANEL }
  const { opened, facts } = await write(context, model)
  const { kit } = await makeKit(opened, facts, { key, secret: Buffer.alloc(32, 99), threads: 1 })
  const known = await Promise.all(
    against.map(async (each, i) => ({ ref: `public ${i}`, ...(await write(context, each)) })),
  )
  return registerKit(home.register, {
    registrant,
    bytes: encodeKit(kit),
    key,
    panelKey: PANEL,
    against: known,
    threads: 1,
  })
}

test('registerKit() enters a kit with its time and without a dispute when nothing is like it', async (context) => {
  const { kit, disputes } = await claim(context, { registrant: 'Ada', model: makeBase(1), seed: 11 })
  assert.equal(kit.ordinal, 1)
  assert.deepEqual(disputes, [])
  assert.deepEqual(
    (await home.register.kits.list()).map(({ id }) => id),
    [kit.id],
  )
})

test('registerKit() opens a dispute, and no verdict, for kin of an earlier kit of somebody else', async (context) => {
  const [first] = await home.register.kits.list()
  const { kit, disputes } = await claim(context, { registrant: 'Bob', model: fineTune(makeBase(1), 2, 0.5), seed: 12 })
  assert.deepEqual(
    disputes.map(({ kind, other }) => [kind, other]),
    [['earlier-kit', first?.id]],
  )
  assert.ok((disputes[0]?.log10p ?? 0) < -50)
  const [recorded] = await home.register.kits.disputes(kit.id)
  assert.equal(recorded?.registration, kit.id)
  assert.doesNotMatch(recorded?.detail ?? '', /derive|descend|stolen/)
  assert.deepEqual(await home.register.kits.disputes(recorded?.id), [recorded])
})

test('registerKit() lets a registrant register a later version of a model of his own', async (context) => {
  const { disputes } = await claim(context, { registrant: 'Ada', model: fineTune(makeBase(1), 5), seed: 13 })
  assert.deepEqual(
    disputes.filter(({ kind }) => kind !== 'earlier-kit'),
    [],
  )
  const others = await home.register.kits.list()
  assert.ok(disputes.every(({ other }) => others.find(({ id }) => id === other)?.registrant === 'Bob'))
})

test('registerKit() opens no dispute among strangers', async (context) => {
  for (let seed = 20; seed < 26; seed++) {
    const { disputes } = await claim(context, { registrant: `vendor ${seed}`, model: makeBase(seed), seed })
    assert.deepEqual(disputes, [])
  }
})

test('registerKit() opens a dispute for a public model, by digest and by examination', async (context) => {
  const known = makeBase(50)
  const { opened, facts } = await write(context, known)
  const fingerprint = encodeFingerprint(await fingerprintModel(opened, facts, { threads: 1 }))
  await home.register.enter(makeEntry({ name: 'known', number: '260000000010', fingerprint }))
  const copied = await claim(context, { registrant: 'Eve', model: known, seed: 50 })
  assert.deepEqual(
    copied.disputes.map(({ kind, other }) => [kind, other]),
    [['public-digest', `tw1:${sha256('known')}`]],
  )
  const tuned = await claim(context, {
    registrant: 'Dan',
    model: fineTune(makeBase(60), 1),
    seed: 51,
    against: [makeBase(60), makeBase(61)],
  })
  assert.deepEqual(
    tuned.disputes.map(({ kind }) => kind),
    ['public-kin'],
  )
  assert.match(tuned.disputes[0]?.detail ?? '', /public 0/)
})

test('registerKit() refuses the same bytes again, wrong keys, and names that are none', async (context) => {
  const again = { registrant: 'Ada', model: makeBase(1), seed: 11 }
  await assert.rejects(claim(context, again), { code: 'kit-registered' })
  await assert.rejects(claim(context, { ...again, registrant: '', seed: 70 }), { code: 'bad-registrant' })
  const [first] = await home.register.kits.list()
  const wrong = { seed: Buffer.alloc(32, 71), panel: PANEL }
  const input = {
    registrant: 'Ada',
    bytes: first?.bytes ?? new Uint8Array(0),
    key: wrong,
    panelKey: PANEL,
    against: [],
  }
  await assert.rejects(registerKit(home.register, input), { code: 'wrong-key' })
  await assert.rejects(
    registerKit(home.register, {
      ...input,
      key: { seed: Buffer.alloc(32, 11), panel: null },
      panelKey: Buffer.alloc(32, 3),
    }),
    { code: 'wrong-key' },
  )
})

test('the register lets nobody in who did not look at all earlier kits', async () => {
  const kit = { registrant: 'Zoe', key: 'f'.repeat(64), disputes: [] }
  const seen = (await home.register.kits.list()).length
  await home.register.kits.enter({ ...kit, bytes: Uint8Array.of(1), seen })
  await assert.rejects(home.register.kits.enter({ ...kit, bytes: Uint8Array.of(2), seen }), { code: 'register-moved' })
  await assert.rejects(home.register.kits.enter({ ...kit, bytes: Uint8Array.of(1), seen: seen + 1 }), {
    code: 'kit-registered',
  })
})

test('issued keys come out of their seal only whole, in their place and under the secret of the registry', async () => {
  let counter = 0
  const randomness = (length: number): Uint8Array => new Uint8Array(length).fill(++counter)
  const stored = await home.register.kits.issueKey((id) => issueKitKey(MASTER, id, randomness))
  const found = await home.register.kits.findKey(stored.commitment)
  assert.deepEqual(found, stored)
  const key = unsealKitKey(MASTER, stored.id, stored.sealed)
  assert.deepEqual(key, { seed: new Uint8Array(32).fill(1), panel: PANEL })
  assert.ok(!Buffer.from(stored.sealed).includes(Buffer.from(key.seed)))
  const changed = stored.sealed.map((byte, i) => (i === 20 ? byte ^ 1 : byte))
  for (const [master, id, sealed] of [
    [PANEL, stored.id, stored.sealed],
    [MASTER, 'other', stored.sealed],
    [MASTER, stored.id, changed],
    [MASTER, stored.id, stored.sealed.slice(1)],
  ] as const)
    assert.throws(() => unsealKitKey(master, id, sealed), { code: 'bad-seal' })
})
