/** Signing again without reading again: every change is seen, whoever hides it. */
import assert from 'node:assert/strict'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openArtefact, parseReference } from '../../artefact/index.ts'
import { Fault, type Clock } from '../../base/index.ts'
import { loadOrCreateKey, openManifest } from '../../certificate/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { signModel, type SignedModel, type SigningWishes } from './sign-model.ts'

const HOUR = 3_600_000
/** By this clock everything that happens in a test happened long ago. */
const later: Clock = { now: () => Date.now() + HOUR }

/** Writes a file with a time of writing that can be restored to the nanosecond. */
function writeDated(path: string, text: string): void {
  writeFileSync(path, text)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
}

async function makeSigner(context: TestContext) {
  const folder = temporaryFolder(context)
  const model = join(folder, 'model')
  mkdirSync(model)
  for (const name of ['a', 'b', 'c']) writeDated(join(model, name), `content of ${name}`)
  const signer = await loadOrCreateKey(join(folder, 'keys'))
  const records = { folder: join(folder, 'stat-records'), clock: later }
  const sign = (wishes: Partial<SigningWishes> = {}) =>
    signModel((known) => openArtefact(parseReference(model), { cacheFolder: folder, blocks: false, known }), {
      signer,
      records,
      ...wishes,
    })
  const again = (previous: SignedModel, wishes: Partial<SigningWishes> = {}) =>
    sign({ previous: Buffer.from(previous.bundle), ...wishes })
  return { model, signer, records, sign, again }
}

async function digestOf(signed: SignedModel, name: string, publicKeyPem: string): Promise<string> {
  const { manifest } = await openManifest(Buffer.from(signed.bundle), publicKeyPem)
  return manifest.resources.find(({ path }) => path === name)?.digest ?? ''
}

test('signModel() reads nothing again that did not change, and gives the same root', async (context) => {
  const { sign, again } = await makeSigner(context)
  const first = await sign()
  const second = await again(first)
  assert.deepEqual([first.rehash, second.rehash, second.reused], ['full', 'incremental', 3])
  assert.equal(second.root, first.root)
  assert.equal((await again(second)).reused, 3)
})

test('signModel() reads a file again whose content changed while size and mtime were restored', async (context) => {
  const { model, signer, sign, again } = await makeSigner(context)
  const first = await sign()
  const path = join(model, 'a')
  const before = statSync(path, { bigint: true })
  writeDated(path, 'contenT of a')
  const after = statSync(path, { bigint: true })
  assert.deepEqual([after.size, after.mtimeNs, after.ino], [before.size, before.mtimeNs, before.ino])
  const second = await again(first)
  assert.equal(second.reused, 2)
  const full = await sign()
  assert.equal(second.root, full.root)
  assert.notEqual(await digestOf(second, 'a', signer.publicKeyPem), await digestOf(first, 'a', signer.publicKeyPem))
})

test('signModel() reads a file again that was replaced by another of the same size and times', async (context) => {
  const { model, sign, again } = await makeSigner(context)
  const first = await sign()
  const path = join(model, 'a')
  const aside = join(model, '..', 'aside')
  writeDated(aside, 'contenT of a')
  renameSync(aside, path)
  const second = await again(first)
  assert.equal(second.reused, 2)
  assert.equal(second.root, (await sign()).root)
})

test('signModel() reads files again that changed places', async (context) => {
  const { model, sign, again } = await makeSigner(context)
  const first = await sign()
  renameSync(join(model, 'a'), join(model, 'x'))
  renameSync(join(model, 'b'), join(model, 'a'))
  renameSync(join(model, 'x'), join(model, 'b'))
  const second = await again(first)
  assert.equal(second.reused, 1)
  assert.equal(second.root, (await sign()).root)
})

test('signModel() trusts no record that others could have written or that is another', async (context) => {
  const { model, records, sign, again } = await makeSigner(context)
  const first = await sign()
  const [name = ''] = readdirSync(records.folder)
  const path = join(records.folder, name)
  const forged = JSON.parse(readFileSync(path, 'utf8')) as { payload: string }
  writeFileSync(join(model, 'a'), 'changed')
  chmodSync(path, 0o644)
  await assert.rejects(again(first), { code: 'record-exposed' })
  chmodSync(path, 0o600)
  chmodSync(records.folder, 0o777)
  await assert.rejects(again(first), { code: 'record-exposed' })
  chmodSync(records.folder, 0o700)
  writeFileSync(path, JSON.stringify({ ...forged, payload: '0'.repeat(64) }))
  await assert.rejects(again(first), { code: 'record-unreadable' })
  writeFileSync(path, '{"files":')
  await assert.rejects(again(first), Fault)
})

test('signModel() trusts no record behind a link into a folder of others', async (context) => {
  const { records, sign, again } = await makeSigner(context)
  const first = await sign()
  const [name = ''] = readdirSync(records.folder)
  const elsewhere = join(temporaryFolder(context), name)
  renameSync(join(records.folder, name), elsewhere)
  symlinkSync(elsewhere, join(records.folder, name))
  await assert.rejects(again(first), { code: 'record-exposed' })
})

test('signModel() reads everything when the clock was set back behind the record', async (context) => {
  const { sign, again, records } = await makeSigner(context)
  const first = await sign()
  const back = { ...records, clock: { now: () => Date.now() } }
  assert.deepEqual((await again(first, { records: back })).reused, 0)
})

test('signModel() reads files again that were changed just before they were recorded', async (context) => {
  const { sign, again, records } = await makeSigner(context)
  const racy = { ...records, clock: { now: () => Date.now() } }
  const first = await sign({ records: racy })
  await setTimeout(10)
  assert.equal((await again(first, { records: racy })).reused, 0)
})

test('signModel() reuses nothing of a manifest that another key signed or that was edited', async (context) => {
  const { sign, signer } = await makeSigner(context)
  const first = await sign()
  const other = await loadOrCreateKey(join(temporaryFolder(context), 'keys'))
  const previous = Buffer.from(first.bundle)
  await assert.rejects(sign({ previous, signer: other }), { code: 'hint' })
  const bundle = JSON.parse(first.bundle) as { dsseEnvelope: { payload: string } }
  const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64')
    .toString()
    .replace(/"digest":"./, '"digest":"f')
  bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
  await assert.rejects(sign({ previous: Buffer.from(JSON.stringify(bundle)) }), { code: 'signature' })
  assert.notEqual(signer.publicKeyPem, other.publicKeyPem)
})

test('signModel() reads all of a copy, whose files are other inodes', async (context) => {
  const { model, sign, again } = await makeSigner(context)
  const first = await sign()
  const copy = `${model}.copy`
  cpSync(model, copy, { recursive: true, preserveTimestamps: true })
  renameSync(model, `${model}.old`)
  renameSync(copy, model)
  assert.equal((await again(first)).reused, 0)
})
