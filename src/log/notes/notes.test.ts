import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixedClock, isFault } from '../../base/index.ts'
import { readCheckpoint, readNoteKey, verifySignatures, webCryptography } from '../../certificate/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { ed25519From, mlDsa44From } from '../../testing/log-tree.ts'
import { nodeCryptography } from './node-cryptography.ts'
import { formatCheckpoint, signNote } from './note.ts'
import { cosigner, noteSigner } from './signers.ts'

const TESSERA = ['vectors', 'tlog', 'testdata', 'log'] as const
const ORIGIN = 'example.com/log/testdata'
/** Published by transparency-dev/tessera for its test log. */
const TESSERA_SEED = Buffer.from('AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg', 'base64').subarray(1)
const TESSERA_KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx'

const clock = fixedClock('2026-11-23T12:00:00Z')
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const log = noteSigner('log.example', ed25519From(seed(1)))
const quantum = cosigner({ name: 'log.example', privateKey: mlDsa44From(seed(2)), clock })
const witness = cosigner({ name: 'witness.example/w1', privateKey: ed25519From(seed(3)), clock })
const text = formatCheckpoint({ origin: 'log.example', size: 5, root: seed(9) })

test('signNote() writes the checkpoints of Tessera byte for byte', needsShared(...TESSERA), async () => {
  const folder = sharedPath(...TESSERA) ?? ''
  const signer = noteSigner(ORIGIN, ed25519From(TESSERA_SEED))
  assert.equal(signer.vkey, TESSERA_KEY)
  const names = readdirSync(folder).filter((name) => name.startsWith('checkpoint'))
  assert.equal(names.length, 17)
  for (const name of names) {
    const theirs = readFileSync(join(folder, name), 'utf8')
    const { size, root } = readCheckpoint(theirs)
    assert.equal(await signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [signer]), theirs)
  }
})

test('readNoteKey() reads the key of Tessera and verifies its checkpoints', needsShared(...TESSERA), async () => {
  const key = await readNoteKey(TESSERA_KEY, webCryptography)
  const note = readFileSync(join(sharedPath(...TESSERA) ?? '', 'checkpoint.7'), 'utf8')
  assert.deepEqual(await verifySignatures(readCheckpoint(note), [key], webCryptography), [{ key, time: undefined }])
})

test(
  'the golden checkpoint has the cosignature that its witness makes',
  needsShared('vectors', 'interop'),
  async () => {
    const folder = sharedPath('vectors', 'interop') ?? ''
    const golden = readFileSync(join(folder, 'checkpoint'), 'utf8')
    const pem = (name: string) => readFileSync(join(folder, 'keys', `TEST-${name}.private.pem`), 'utf8')
    const { createPrivateKey } = await import('node:crypto')
    const checkpoint = readCheckpoint(golden)
    const time = checkpoint.signatures[1]?.signature.subarray(0, 8) ?? new Uint8Array()
    const signers = [
      noteSigner(checkpoint.origin, createPrivateKey(pem('log'))),
      cosigner({
        name: 'witness.example/w1',
        privateKey: createPrivateKey(pem('witness')),
        clock: fixedClock(Number(Buffer.from(time).readBigUInt64BE()) * 1000),
      }),
    ]
    assert.equal(await signNote(checkpoint.text, signers), golden)
  },
)

test('a checkpoint with lines of log, ML-DSA-44 and witness names all three', async () => {
  const note = await signNote(text, [log, quantum, witness])
  const keys = [log.key, quantum.key, witness.key]
  const seconds = BigInt(clock.now() / 1000)
  assert.deepEqual(await verifySignatures(readCheckpoint(note), keys, nodeCryptography), [
    { key: log.key, time: undefined },
    { key: quantum.key, time: seconds },
    { key: witness.key, time: seconds },
  ])
  for (const { key, vkey } of [log, quantum, witness]) assert.deepEqual(await readNoteKey(vkey, nodeCryptography), key)
})

test('ML-DSA-44 is not counted where it cannot be verified', async () => {
  const note = readCheckpoint(await signNote(text, [log, quantum]))
  const { verifyMlDsa44: _, ...without } = nodeCryptography
  const found = await verifySignatures(note, [log.key, quantum.key], without)
  assert.deepEqual(found, [{ key: log.key, time: undefined }])
})

test('an ECDSA key is named by its DER and verified', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const hash = Buffer.from(await nodeCryptography.sha256(der)).subarray(0, 4)
  const material = Buffer.concat([Uint8Array.of(2), der]).toString('base64')
  const key = await readNoteKey(`log.example+${hash.toString('hex')}+${material}`, nodeCryptography)
  const signer = {
    name: 'log.example',
    keyHash: hash,
    sign: (bytes: Uint8Array) => Promise.resolve(sign('sha256', bytes, privateKey)),
  }
  const note = await signNote(text, [signer])
  assert.equal((await verifySignatures(readCheckpoint(note), [key], nodeCryptography)).length, 1)
  const other = await signNote(formatCheckpoint({ origin: 'log.example', size: 6, root: seed(9) }), [signer])
  const swapped = `${text}\n${other.split('\n\n')[1]}`
  await assert.rejects(verifySignatures(readCheckpoint(swapped), [key], nodeCryptography), { code: 'note-signature' })
})

test('a cosignature of one checkpoint does not hold on another', async () => {
  const other = formatCheckpoint({ origin: 'log.example', size: 6, root: seed(9) })
  for (const signer of [log, quantum, witness]) {
    const lines = (await signNote(text, [signer])).slice(text.length + 1)
    const replayed = readCheckpoint(`${other}\n${lines}`)
    await assert.rejects(verifySignatures(replayed, [signer.key], nodeCryptography), { code: 'note-signature' })
  }
})

test('a key that is known under two names and signs twice counts once', async () => {
  const twin = cosigner({
    name: 'other.example/w2',
    privateKey: ed25519From(seed(3)),
    clock: fixedClock(clock.now() + 5000),
  })
  const later = cosigner({
    name: witness.name,
    privateKey: ed25519From(seed(3)),
    clock: fixedClock(clock.now() + 9000),
  })
  const note = readCheckpoint(await signNote(text, [log, witness, twin, later]))
  const found = await verifySignatures(note, [witness.key, twin.key, witness.key], nodeCryptography)
  assert.deepEqual(found, [{ key: witness.key, time: BigInt(clock.now() / 1000 + 9) }])
})

test('a note with very many lines of one key is refused before they are verified', async () => {
  const note = await signNote(text, [log])
  const line = note.slice(text.length + 1)
  const busy = readCheckpoint(`${note}${line.repeat(2000)}`)
  let verified = 0
  const counting = { ...nodeCryptography, verifyEd25519: () => Promise.resolve(++verified > 0) }
  await assert.rejects(verifySignatures(busy, [log.key], counting), { code: 'note-signature' })
  assert.equal(verified, 0)
})

test('a key of the wrong type, another name or another hash signs nothing', async () => {
  const plain = noteSigner(witness.name, ed25519From(seed(3)))
  const note = readCheckpoint(await signNote(text, [witness]))
  assert.deepEqual(await verifySignatures(note, [plain.key], nodeCryptography), [])
  const renamed = { ...witness.key, name: 'witness.example' }
  assert.deepEqual(await verifySignatures(note, [renamed], nodeCryptography), [])
  const forced = { ...plain.key, keyHash: witness.keyHash }
  await assert.rejects(verifySignatures(note, [forced], nodeCryptography), { code: 'note-signature' })
})

test('readNoteKey() refuses every other text', async () => {
  const [name, hash, material] = witness.vkey.split('+') as [string, string, string]
  const short = Buffer.concat([Uint8Array.of(4), seed(3).subarray(1)]).toString('base64')
  const unknown = Buffer.concat([Uint8Array.of(5), seed(3)]).toString('base64')
  const refused = [
    '',
    `${name}+${hash}`,
    `${name}+00000000+${material}`,
    `other.example+${hash}+${material}`,
    ` ${name}+${hash}+${material}`,
    `${name}+${hash.toUpperCase()}x+${material}`,
    `${name}+${hash}+${short}`,
    `${name}+${hash}+${unknown}`,
  ]
  for (const vkey of refused) await assert.rejects(readNoteKey(vkey, nodeCryptography), { code: 'vkey' }, vkey)
})

test('formatCheckpoint() and signNote() refuse what cannot be read back', async () => {
  const root = seed(0)
  for (const content of [
    { origin: '', size: 1, root },
    { origin: 'a\nb', size: 1, root },
    { origin: 'a\rb', size: 1, root },
    { origin: 'a', size: -1, root },
    { origin: 'a', size: 1.5, root },
    { origin: 'a', size: 2 ** 53, root },
    { origin: 'a', size: 1, root: root.subarray(1) },
  ])
    assert.throws(() => formatCheckpoint(content), { code: 'checkpoint' })
  await assert.rejects(signNote('no newline', [log]), { code: 'note' })
  await assert.rejects(signNote('a\tb\n', [log]), { code: 'note' })
  await assert.rejects(signNote(text, []), { code: 'note' })
  await assert.rejects(signNote(text, [{ ...log, name: 'with space' }]), { code: 'vkey' })
  await assert.rejects(signNote('a\nb\n', [witness]), { code: 'checkpoint' })
  assert.throws(() => noteSigner('log.example', mlDsa44From(seed(2))), { code: 'note-key' })
  assert.throws(() => noteSigner('log example', ed25519From(seed(2))), { code: 'vkey' })
})

test('no edit of a note changes what is verified without being refused', async () => {
  const note = await signNote(text, [log, witness])
  const keys = [log.key, witness.key]
  await fc.assert(
    fc.asyncProperty(fc.nat(note.length - 1), fc.integer({ min: 1, max: 0x2ff }), async (at, code) => {
      const edited = note.slice(0, at) + String.fromCharCode(code) + note.slice(at + 1)
      try {
        const checkpoint = readCheckpoint(edited)
        const found = await verifySignatures(checkpoint, keys, nodeCryptography)
        if (found.length > 0) assert.equal(checkpoint.text, text)
      } catch (thrown) {
        assert.equal(isFault(thrown), true, String(thrown))
      }
    }),
    { numRuns: 300 },
  )
})
