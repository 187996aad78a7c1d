/**
 * 1,000 random model folders: what we sign, the three foreign verifiers take; what model_signing signs, we take; and
 * what was changed afterwards, we refuse with the reason.
 *
 * The bundles are logged and stamped, so every verifier makes all of its checks; each fiftieth is a bare signature as
 * well, for which cosign is told not to look for a log entry.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { tmpdir } from 'node:os'
import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'
import { openArtefact, parseReference } from '../../../src/artefact/index.ts'
import { systemClock } from '../../../src/base/index.ts'
import { holdModel } from '../../../src/app/manifest/at-hand.ts'
import { signModel } from '../../../src/app/manifest/sign-model.ts'
import { webCryptography, writeTrustedRoot } from '../../../src/certificate/index.ts'
import { verifyBundle, type VerificationOptions } from '../../../src/certificate/verify-bundle.ts'
import { makePublisher } from '../../../src/testing/publication.ts'
import { ModelSigning } from './model-signing.ts'
import { findCosign, findModelSigning } from './tools.ts'
import { drawTree, writeTree, type Tree } from './trees.ts'

const COUNT = 1000
/** Seconds that cosign may take for all; else fewer are given to it, and the run says so. */
const COSIGN_SECONDS = 180
const FEWER = 200
const OMS = 'https://model_signing/signature/v1.0'

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-trees-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const validFrom = Date.parse('2026-10-01T00:00:00Z')
const publisher = await makePublisher({ now: Date.now(), validFrom })
const { signer } = publisher
const key = join(folder, 'key.pem')
writeFileSync(key, signer.publicKeyPem)
const root = join(folder, 'trusted_root.json')
const trusted = { logs: [publisher.trustedLog], timestampAuthorities: [publisher.authority] }
writeFileSync(root, await writeTrustedRoot(trusted, webCryptography))

interface Signed {
  readonly tree: Tree
  readonly model: string
  readonly signature: string
  /** OMS root. */
  readonly digest: string
  readonly bundle: string
}

const open = (model: string) => openArtefact(parseReference(model), { cacheFolder: folder, blocks: false, threads: 1 })

async function signTree(seed: number): Promise<Signed> {
  const tree = drawTree(seed)
  const model = join(folder, `t${seed}`)
  const signature = `${model}.sig`
  writeTree(model, tree)
  const records = { folder: join(folder, 'records'), clock: systemClock }
  const { bundle, root: digest } = await signModel(() => open(model), { signer, records, publication: publisher })
  writeFileSync(signature, bundle)
  return { tree, model, signature, digest, bundle }
}

const signed: Signed[] = []
for (let seed = 1; seed <= COUNT; seed++) signed.push(await signTree(seed))

/** Verifies ours with log, witness-free, and stamp; `options` say otherwise for what others signed. */
const OURS: Partial<VerificationOptions> = {
  publicKeyPem: signer.publicKeyPem,
  trustedLogs: [publisher.trustedLog],
  timestampAuthorities: [publisher.authority],
  requireLog: true,
  requireTimestamp: true,
}

async function verify(model: string, signature: string, options = OURS): Promise<string> {
  const artefact = holdModel(await open(model))
  const { verdict, reason, checks } = await verifyBundle(Buffer.from(signature), {
    now: Date.now(),
    artefact,
    ...options,
  })
  const failed = checks.find(({ outcome }) => outcome === 'fail')
  return reason === null ? verdict : `${verdict}:${reason} ${failed?.message ?? ''}`
}

/** Runs a task over items, two at a time. */
async function forEachTwo<Item>(items: readonly Item[], task: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  const work = async () => {
    for (const item of queue) await task(item)
  }
  await Promise.all([work(), work()])
}

test(`verifyBundle() passes what signModel() signed on ${COUNT} random trees`, async () => {
  for (const { model, bundle } of signed) assert.equal(await verify(model, bundle), 'pass', model)
})

test(`@sigstore/verify accepts our manifests of ${COUNT} random trees`, () => {
  const publicKey = createPublicKey(signer.publicKeyPem)
  const trust = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(readFileSync(root, 'utf8'))), () => ({
    publicKey,
    validFor: () => true,
  }))
  const verifier = new Verifier(trust)
  for (const { bundle } of signed) verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle))))
  const [first, second] = signed.map(({ bundle }) => JSON.parse(bundle))
  const mixed = { ...first, dsseEnvelope: { ...first.dsseEnvelope, payload: second.dsseEnvelope.payload } }
  assert.throws(() => verifier.verify(toSignedEntity(bundleFromJSON(mixed))))
})

const python = findModelSigning()

test(
  `model_signing accepts our manifests of ${COUNT} random trees, and refuses them for other files`,
  { skip: python.skip },
  async () => {
    const client = new ModelSigning(python.path)
    for (const { model, signature } of signed)
      assert.deepEqual(await client.ask({ do: 'verify', model, signature, key }), { ok: true }, model)
    const [first, second] = signed
    const other = await client.ask({ do: 'verify', model: first?.model ?? '', signature: second?.signature ?? '', key })
    assert.equal(other.ok, false)
    client.close()
  },
)

function makeKeys() {
  return ['P-256', 'P-384', 'P-521'].map((namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
    const path = join(folder, `${namedCurve}.pem`)
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    return { path, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
  })
}

test(
  `verifyBundle() passes what model_signing signs on ${COUNT} random trees, on three curves`,
  { skip: python.skip },
  async () => {
    const client = new ModelSigning(python.path)
    const keys = makeKeys()
    const theirs = join(folder, 'theirs.sig')
    for (const [index, { model }] of signed.entries()) {
      const { path, pem } = keys[index % keys.length] ?? { path: '', pem: '' }
      const hash = index % 10 === 9 ? 'blake2' : 'sha256'
      const answer = await client.ask({ do: 'sign', model, signature: theirs, key: path, hash })
      assert.deepEqual(answer, { ok: true }, model)
      assert.equal(
        await verify(model, readFileSync(theirs, 'utf8'), { publicKeyPem: pem, foreign: true }),
        'pass',
        model,
      )
    }
    client.close()
  },
)

test(
  'verifyBundle() compares shards that model_signing signed, whose own verifier cannot',
  { skip: python.skip },
  async () => {
    const client = new ModelSigning(python.path)
    const [own] = makeKeys()
    const theirs = join(folder, 'theirs.sig')
    for (const { model, tree } of signed.slice(0, 100)) {
      const shards = { method: 'shards', shardSize: 1000 } as const
      await client.ask({ do: 'sign', model, signature: theirs, key: own?.path ?? '', ...shards })
      const hasEmpty = [...tree.values()].some(({ length }) => length === 0)
      const found = await verify(model, readFileSync(theirs, 'utf8'), { publicKeyPem: own?.pem ?? '', foreign: true })
      assert.equal(found.split(' ')[0], hasEmpty ? 'partial:empty-files-unsigned' : 'pass', model)
    }
    client.close()
  },
)

const cosign = findCosign()

test('cosign accepts our manifests of the random trees', { skip: cosign.skip }, async (context) => {
  const run = promisify(execFile)
  const trust = ['--key', key, '--trusted-root', root]
  const ask = async ({ signature, digest }: Signed, flag = '--use-signed-timestamps'): Promise<void> => {
    const about = ['--bundle', signature, '--digest', digest, '--digestAlg', 'sha256', '--type', OMS]
    await run(cosign.path, ['verify-blob-attestation', ...trust, ...about, flag])
  }
  const start = performance.now()
  await forEachTwo(signed.slice(0, 20), (each) => ask(each))
  const seconds = ((performance.now() - start) / 1000 / 20) * COUNT
  const count = seconds > COSIGN_SECONDS ? FEWER : COUNT
  if (count < COUNT)
    context.diagnostic(`all ${COUNT} would take ${seconds.toFixed(0)} s here: ${count} of them are tried`)
  await forEachTwo(signed.slice(20, count), (each) => ask(each))
  context.diagnostic(`${count} bundles in ${((performance.now() - start) / 1000).toFixed(0)} s`)
  const bare = signed.filter((_, index) => index % 50 === 0)
  await forEachTwo(bare, async (each) => {
    const records = { folder: join(folder, 'records'), clock: systemClock }
    const { bundle } = await signModel(() => open(each.model), { signer, records })
    writeFileSync(`${each.signature}.bare`, bundle)
    await ask({ ...each, signature: `${each.signature}.bare` }, '--insecure-ignore-tlog')
  })
  const [first, second] = signed as [Signed, Signed]
  await assert.rejects(ask({ ...first, digest: second.digest }), /provided artifact digest does not match/)
})

test(
  'model_signing takes our manifest of a model with files of git only when it is told not to pass over them',
  { skip: python.skip },
  async () => {
    const client = new ModelSigning(python.path)
    const model = join(folder, 'with-git')
    writeTree(
      model,
      new Map([
        ['.gitattributes', Buffer.from('*.bin lfs')],
        ['w.bin', Buffer.from('1')],
      ]),
    )
    const records = { folder: join(folder, 'records'), clock: systemClock }
    const signature = `${model}.sig`
    writeFileSync(signature, (await signModel(() => open(model), { signer, records })).bundle)
    const request = { do: 'verify', model, signature, key } as const
    assert.match((await client.ask(request)).why ?? '', /Missing files.*\.gitattributes/)
    assert.deepEqual(await client.ask({ ...request, git: true }), { ok: true })
    client.close()
  },
)

/** Ways to change a tree after it was signed, with the reason that must be given. */
const MUTATIONS: readonly (readonly [reason: string, change: (model: string) => void])[] = [
  ['fail:file-changed', (model) => writeFileSync(join(model, 'a-b'), 'firsT')],
  ['fail:file-missing', (model) => renameSync(join(model, 'a-b'), join(model, 'renamed'))],
  ['fail:file-changed', (model) => swap(join(model, 'a-b'), join(model, 'a/b'))],
  ['fail:file-extra', (model) => writeFileSync(join(model, 'extra'), '')],
  ['fail:file-missing', (model) => rmSync(join(model, 'a/b'))],
  ['fail:file-symlink', (model) => linkTo(join(model, 'a-b'), join(folder, 'elsewhere'))],
]

function swap(a: string, b: string): void {
  const [first, second] = [readFileSync(a), readFileSync(b)]
  writeFileSync(a, second)
  writeFileSync(b, first)
}

/** Puts a link to the same bytes in the place of a file. */
function linkTo(path: string, target: string): void {
  renameSync(path, target)
  symlinkSync(target, path)
}

test(`verifyBundle() refuses ${COUNT} changed trees with the right reason`, async () => {
  for (const [index, { model, bundle }] of signed.entries()) {
    const [reason, change] = MUTATIONS[index % MUTATIONS.length] ?? ['', () => undefined]
    change(model)
    const found = await verify(model, bundle)
    assert.equal(found.split(' ')[0], reason, `${model}: ${found}`)
  }
})
