import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Fault, fixedClock, silentLog } from '../../base/index.ts'
import {
  cosigner,
  createWitness,
  formatCheckpoint,
  nodeCryptography,
  noteSigner,
  proveConsistency,
  rootOf,
  signNote,
  witnessMemory,
  type Sighting,
} from '../../log/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { ed25519From, leafHashes, readerOver } from '../../testing/log-tree.ts'
import { createBareServer } from '../http/bare-server.ts'
import { addWitness } from '../http/log-witness.ts'
import { loadWitnesses, type Witnesses } from './witnesses.ts'

const ORIGIN = 'log.example'
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const log = noteSigner(ORIGIN, ed25519From(seed(1)))
const thief = noteSigner(ORIGIN, ed25519From(seed(2)))
const read = readerOver(leafHashes(64))
const noteOf = async (size: number, by = log): Promise<string> =>
  signNote(formatCheckpoint({ origin: ORIGIN, size, root: await rootOf(size, read) }), [by])

/** Serves a witness for a log of this key; gives its line of a policy. */
async function serveWitness(context: TestContext, n: number, watched = log): Promise<string> {
  const clock = fixedClock(new Date().toISOString())
  const signer = cosigner({ name: `w${n}.example`, privateKey: ed25519From(seed(n)), clock })
  const logs = new Map([[ORIGIN, [watched.key]]])
  const server = createBareServer(silentLog)
  addWitness(server, createWitness({ logs, signers: [signer], state: witnessMemory(), cryptography: nodeCryptography }))
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  context.after(() => server.close())
  return `witness w${n} ${signer.vkey} ${url}`
}

function load(context: TestContext, lines: readonly string[]): Promise<Witnesses> {
  const path = join(temporaryFolder(context), 'policy.txt')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return loadWitnesses(path, log.key, silentLog)
}

async function ask(witnesses: Witnesses, size: number, by = log, holds = 20): Promise<string> {
  return witnesses.askWitnesses({
    size,
    root: await rootOf(size, read),
    note: await noteOf(size, by),
    proveFrom: (from) => proveConsistency(from, size, read),
    confirmSeen: async (seen: readonly Sighting[]) => {
      if (seen.some((each) => each.size > holds)) throw new Fault('log-rolled-back', 'a witness has seen more')
    },
  })
}

test('attack: a restored log stops when one witness has seen more, although another cosigns', async (context) => {
  const [knowing, fresh] = [await serveWitness(context, 11), await serveWitness(context, 12)]
  await ask(await load(context, [knowing, 'quorum w11']), 40)
  const both = await load(context, [knowing, fresh, 'group any-of any w11 w12', 'quorum any-of'])
  await assert.rejects(ask(both, 20), { code: 'log-rolled-back' })
  assert.match(await ask(both, 20, log, 40), /w12\.example/, 'another process published more meanwhile')
})

test('attack: a witness does not stop a log by a checkpoint that the log never signed', async (context) => {
  const lying = await serveWitness(context, 11, thief)
  const line = [lying, 'quorum w11']
  await ask(await load(context, line), 40, thief)
  assert.deepEqual(await (await load(context, line)).seenByWitnesses(), [])
  const honest = await serveWitness(context, 12)
  await ask(await load(context, [honest, 'quorum w12']), 40)
  assert.deepEqual(await (await load(context, [honest, 'quorum w12'])).seenByWitnesses(), [{ by: 'w12', size: 40 }])
})
