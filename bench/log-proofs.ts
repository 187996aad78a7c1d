/**
 * What a proof costs in a large log: checkpoint verified, inclusion proven from tiles on the disk, proof verified.
 *
 * The log has 10 million leaves, whose hashes are a counter; its tiles are written to a temporary folder (330 MB) and
 * removed. Appending is measured on the way: one hash of a leaf and about one of a node for each entry.
 *
 * Bar: at most 50 ms for a proof. `node bench/log-proofs.ts [--leaves N] [--proofs N]`
 */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/base/index.ts'
import { readCheckpoint, verifySignatures, type NoteKey } from '../src/certificate/index.ts'
import {
  cosigner,
  formatCheckpoint,
  growTiles,
  hashesFromTiles,
  hashLeaf,
  nodeCryptography,
  noteSigner,
  proveInclusion,
  rootOf,
  signNote,
  TILE_WIDTH,
  tilePath,
  verifyInclusion,
  type ReadTile,
} from '../src/log/index.ts'
import { seededRandom } from '../src/testing/seeded-random.ts'
import { printBars, type Bar } from './measuring/bars.ts'

const BATCH = TILE_WIDTH * TILE_WIDTH
const ORIGIN = 'bench.example'

function leafHash(index: number): Uint8Array {
  const hash = Buffer.alloc(32)
  hash.writeUIntBE(index, 26, 6)
  return hash
}

function readerOf(folder: string): ReadTile {
  return async (name) => readFile(join(folder, tilePath(name)))
}

/** Writes the tiles; partial ones of batches in between stay, as in a real log. Seconds of hashing, without the disk. */
async function writeLog(folder: string, leaves: number): Promise<number> {
  let seconds = 0
  for (let from = 0; from < leaves; from += BATCH) {
    const hashes = Array.from({ length: Math.min(BATCH, leaves - from) }, (_, at) => leafHash(from + at))
    const start = performance.now()
    const tiles = await growTiles(from, hashes, readerOf(folder))
    seconds += (performance.now() - start) / 1000
    for (const tile of tiles) {
      const path = join(folder, tilePath(tile))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, tile.bytes)
    }
  }
  return seconds
}

interface Question {
  readonly folder: string
  readonly note: string
  readonly keys: readonly NoteKey[]
}

async function proveOne(index: number, { folder, note, keys }: Question): Promise<void> {
  const checkpoint = readCheckpoint(note)
  const signed = await verifySignatures(checkpoint, keys, nodeCryptography)
  if (signed.length !== keys.length) throw new Error('the checkpoint does not verify')
  const size = Number(checkpoint.size)
  const hashes = await proveInclusion(index, size, hashesFromTiles(size, readerOf(folder)))
  await verifyInclusion({ leafHash: leafHash(index), index, size, root: checkpoint.root, hashes })
}

async function signCheckpoint(folder: string, size: number): Promise<Question> {
  const root = await rootOf(size, hashesFromTiles(size, readerOf(folder)))
  const quantum = generateKeyPairSync('ml-dsa-44').privateKey
  const ed25519 = (): ReturnType<typeof generateKeyPairSync>['privateKey'] => generateKeyPairSync('ed25519').privateKey
  const signers = [
    noteSigner(ORIGIN, ed25519()),
    cosigner({ name: ORIGIN, privateKey: quantum, clock: systemClock }),
    cosigner({ name: 'w1.example', privateKey: ed25519(), clock: systemClock }),
    cosigner({ name: 'w2.example', privateKey: ed25519(), clock: systemClock }),
  ]
  const note = await signNote(formatCheckpoint({ origin: ORIGIN, size, root }), signers)
  return { folder, note, keys: signers.map(({ key }) => key) }
}

async function measureProofs(question: Question, size: number, count: number): Promise<readonly Bar[]> {
  const random = seededRandom(10)
  const walls: number[] = []
  const before = process.cpuUsage()
  for (let n = 0; n < count; n++) {
    const start = performance.now()
    await proveOne(Math.floor(random() * size), question)
    walls.push(performance.now() - start)
  }
  const { user, system } = process.cpuUsage(before)
  const sorted = walls.toSorted((a, b) => a - b)
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return [
    { what: 'checkpoint and proof, CPU', measured: (user + system) / 1000 / count, unit: 'ms', most: 50 },
    { what: 'checkpoint and proof, median', measured: quantile(0.5), unit: 'ms', most: 50, guarded: false },
    { what: 'checkpoint and proof, 99 %', measured: quantile(0.99), unit: 'ms', most: 50, guarded: false },
  ]
}

/** Microseconds to hash a leaf of 600 bytes. */
function measureLeaf(): number {
  const leaf = new Uint8Array(600)
  const start = performance.now()
  for (let n = 0; n < 100_000; n++) hashLeaf(leaf)
  return (performance.now() - start) / 100
}

const { values } = parseArgs({
  options: { leaves: { type: 'string', default: '10000000' }, proofs: { type: 'string', default: '500' } },
  strict: false,
})
const leaves = Number(values.leaves)
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-log-'))
try {
  const seconds = await writeLog(folder, leaves)
  const question = await signCheckpoint(folder, leaves)
  const bars = await measureProofs(question, leaves, Number(values.proofs))
  printBars(`a log of ${leaves} leaves`, [
    ...bars,
    { what: 'tiles of one appended leaf, without the disk', measured: (seconds * 1e6) / leaves, unit: 'µs' },
    { what: 'hash of a leaf of 600 bytes', measured: measureLeaf(), unit: 'µs' },
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
