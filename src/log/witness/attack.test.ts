import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixedClock } from '../../base/index.ts'
import { readCheckpoint, readSignatureLines, verifySignatures } from '../../certificate/index.ts'
import { ed25519From, leafHashes, readerOver } from '../../testing/log-tree.ts'
import { hashLeaf } from '../merkle/hash.ts'
import { proveConsistency, rootOf } from '../merkle/prove.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { formatCheckpoint, signNote } from '../notes/note.ts'
import { cosigner, noteSigner } from '../notes/signers.ts'
import { writeAddCheckpoint } from './request.ts'
import { createWitness } from './server.ts'
import { witnessMemory } from './state.ts'

const SIZE = 24
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const log = noteSigner('log.example', ed25519From(seed(1)))
const signer = cosigner({ name: 'w.example', privateKey: ed25519From(seed(3)), clock: fixedClock(0) })
const LEAVES = leafHashes(SIZE)

function startWitness() {
  const state = witnessMemory()
  const logs = new Map([['log.example', [log.key]]])
  const witness = createWitness({ logs, signers: [signer], state, cryptography: nodeCryptography })
  return (body: string) => witness({ method: 'POST', path: '/add-checkpoint', body: Buffer.from(body) })
}

const size = fc.integer({ min: 0, max: SIZE })
/** What a log that lies as it likes may ask: which story the checkpoint and which the proof is of, and from where. */
const question = fc.record({
  old: size,
  from: size,
  to: size,
  story: fc.integer({ min: 0, max: 1 }),
  proofOf: fc.integer({ min: 0, max: 1 }),
  honest: fc.boolean(),
})

test('whatever a log with two stories asks, a witness tells one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: SIZE - 1 }),
      fc.array(question, { maxLength: 25 }),
      async (fork, questions) => {
        const stories = [
          readerOver(LEAVES),
          readerOver([...LEAVES.slice(0, fork), ...LEAVES.slice(fork).map(hashLeaf)]),
        ]
        const ask = startWitness()
        let [known, told] = [0, -1]
        for (const { old, from, to, story, proofOf, honest } of questions) {
          const [reader, other] = [stories[story]!, stories[honest ? story : proofOf]!]
          const start = honest ? known : from
          const hashes = start > 0 && start <= to ? await proveConsistency(start, to, other) : []
          const note = await signNote(
            formatCheckpoint({ origin: 'log.example', size: to, root: await rootOf(to, reader) }),
            [log],
          )
          const { status, body } = await ask(writeAddCheckpoint(honest ? known : old, hashes, note))
          if (status === 409 && body === `${known}\n`) continue
          if (status !== 200) continue
          assert.ok(to >= known, `went back from ${known} to ${to}`)
          if (known > fork) assert.equal(story, told, `changed the story at ${to}, which forks at ${fork}`)
          if (to > fork) told = story
          known = to
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('no edit of a request is cosigned as something else, and every one is answered', async () => {
  const reader = readerOver(LEAVES)
  const noteOf = async (at: number) =>
    signNote(formatCheckpoint({ origin: 'log.example', size: at, root: await rootOf(at, reader) }), [log])
  const first = writeAddCheckpoint(0, [], await noteOf(5))
  const note = await noteOf(20)
  const good = writeAddCheckpoint(5, await proveConsistency(5, 20, reader), note)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(good.length - 1),
      fc.string({ maxLength: 3, unit: 'binary' }),
      fc.nat(3),
      async (at, put, cut) => {
        const ask = startWitness()
        await ask(first)
        const { status, body } = await ask(good.slice(0, at) + put + good.slice(at + cut))
        assert.ok([200, 400, 403, 404, 409, 422].includes(status), String(status))
        if (status !== 200) return
        const cosigned = { ...readCheckpoint(note), signatures: readSignatureLines(body) }
        assert.equal((await verifySignatures(cosigned, [signer.key], nodeCryptography)).length, 1)
      },
    ),
    { numRuns: 150 },
  )
})
