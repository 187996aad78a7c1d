/**
 * Go's `golang.org/x/mod/sumdb` about our trees, tiles and notes, both ways.
 *
 * Proofs are compared byte by byte through digests, and Go checks each of its own: inclusion of every leaf and
 * consistency of every two sizes up to {@link ALL} leaves and at each size beside a power of two up to 65,536, and for
 * every size up to 65,536 at {@link SAMPLES} places.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fixedClock, isFault } from '../../../src/base/index.ts'
import { readCheckpoint, readNoteKey, verifySignatures } from '../../../src/certificate/index.ts'
import * as log from '../../../src/log/index.ts'
import { planConsistency, planInclusion, type Range } from '../../../src/log/merkle/subtrees.ts'
import { ed25519From, leafHashes, LogFiles, readerOver } from '../../../src/testing/log-tree.ts'
import { seededRandom } from '../../../src/testing/seeded-random.ts'
import { buildGo } from '../go-programs.ts'

const SIZE = 65_536
const ALL = 1024
const SAMPLES = 8

type Below = (bound: number) => number

function numbersBelow(seed: number): Below {
  const random = seededRandom(seed)
  return (bound) => Math.floor(random() * bound)
}

const built = buildGo('go-tlog')
const { skip } = built
const program = built.skip === false ? built.program : ''
const go = (words: readonly string[], input = ''): string =>
  execFileSync(program, words, { input, encoding: 'utf8', maxBuffer: 2 ** 28 })

/** Roots of ranges of the test tree, on the spot. */
class Tree {
  readonly leaves = leafHashes(SIZE + 4464)
  readonly #levels: (readonly Uint8Array[])[] = [this.leaves]

  constructor() {
    for (let below = this.leaves; below.length > 1; below = this.#levels.at(-1)!)
      this.#levels.push(
        Array.from({ length: below.length >> 1 }, (_, n) => log.hashNode(below[2 * n]!, below[2 * n + 1]!)),
      )
  }

  hash(range: Range): Uint8Array {
    const cover = log.coverOf(range).map(({ level, index }) => this.#levels[level]![index]!)
    return cover.reduceRight((right, left) => log.hashNode(left, right))
  }

  /** Digest of the two proofs of a place, like the Go program's. */
  digest(size: number, at: number, edges: Map<number, Uint8Array>): Uint8Array {
    const digest = createHash('sha256')
    for (const range of [
      ...planInclusion(at, { start: 0, end: size }),
      ...planConsistency({ start: 0, end: at + 1 }, size),
    ]) {
      const known = range.end === size ? edges.get(range.start) : undefined
      const hash = known ?? this.hash(range)
      if (range.end === size) edges.set(range.start, hash)
      digest.update(hash)
    }
    return digest.digest()
  }
}

/** Is every place of the tree of n leaves looked at? */
const isWhole = (n: number): boolean => n <= ALL || [n - 1, n, n + 1].some((near) => Number.isInteger(Math.log2(near)))

const sample = (n: number, j: number): number => (n * 2_654_435 + j * 40_503 * (j + n)) % n

test('our proofs are those of Go, byte for byte, and Go accepts them', { skip }, (context) => {
  const theirs = go(['proofs', String(SIZE), String(ALL), String(SAMPLES)]).split('\n')
  const tree = new Tree()
  let pairs = 0
  for (let n = 1; n <= SIZE; n++) {
    const edges = new Map<number, Uint8Array>()
    const digest = createHash('sha256').update(tree.hash({ start: 0, end: n }))
    const places = isWhole(n) ? n : SAMPLES
    for (let j = 0; j < places; j++) digest.update(tree.digest(n, places === n ? j : sample(n, j), edges))
    pairs += places
    assert.equal(digest.digest('hex').slice(0, 16), theirs[n - 1], `proofs of the tree of ${n} leaves`)
  }
  context.diagnostic(`${pairs} proofs of inclusion and as many of consistency, over every size up to ${SIZE}`)
})

test('what is proven through the readers of the log is what the plans say', { skip }, async () => {
  const tree = new Tree()
  const read = readerOver(tree.leaves)
  for (let n = 1; n <= SIZE; n += n < 130 ? 1 : 997) {
    const at = sample(n, 3)
    const hashes = [...(await log.proveInclusion(at, n, read)), ...(await log.proveConsistency(at + 1, n, read))]
    const digest = createHash('sha256')
    for (const hash of hashes) digest.update(hash)
    assert.deepEqual(digest.digest(), Buffer.from(tree.digest(n, at, new Map())))
  }
})

interface Case {
  readonly kind: 'inclusion' | 'consistency'
  readonly size: number
  readonly of: number
  readonly root: Uint8Array
  readonly hash: Uint8Array
  readonly proof: readonly Uint8Array[]
}

async function holds({ kind, size, of, root, hash, proof }: Case): Promise<boolean> {
  try {
    if (kind === 'inclusion') await log.verifyInclusion({ index: of, size, leafHash: hash, root, hashes: proof })
    else log.verifyConsistency({ from: of, to: size, fromRoot: hash, toRoot: root, hashes: proof })
    return true
  } catch (thrown) {
    if (isFault(thrown)) return false
    throw thrown
  }
}

/** A proof that holds, and the same with something about it changed. */
function* makeCases(tree: Tree, below: Below): Generator<Case> {
  for (;;) {
    const size = 1 + below(below(3) === 0 ? SIZE : 40)
    const of = below(size)
    const root = tree.hash({ start: 0, end: size })
    const whole = { start: 0, end: size }
    const inclusion = planInclusion(of, whole).map((range) => tree.hash(range))
    const part = { start: 0, end: of + 1 }
    const consistency = planConsistency(part, size).map((range) => tree.hash(range))
    const good: readonly Case[] = [
      { kind: 'inclusion', size, of, root, hash: tree.leaves[of]!, proof: inclusion },
      { kind: 'consistency', size, of: of + 1, root, hash: tree.hash(part), proof: consistency },
    ]
    for (const one of good) {
      const at = below(one.proof.length + 1)
      const other = tree.leaves[below(100)]!
      yield one
      yield { ...one, size: one.size + below(5) - 2 }
      yield { ...one, of: one.of + below(5) - 2 }
      yield { ...one, size: one.size * 2, of: one.of * 2 }
      yield { ...one, root: other }
      yield { ...one, hash: other }
      yield { ...one, proof: one.proof.toSpliced(at, 1) }
      yield { ...one, proof: one.proof.toSpliced(at, 0, other) }
      yield { ...one, proof: one.proof.toSpliced(at, 1, other) }
      yield { ...one, proof: one.proof.toReversed() }
    }
  }
}

test('Go and we accept the same of 40,000 proofs, most of them wrong', { skip }, async () => {
  const tree = new Tree()
  const cases = makeCases(tree, numbersBelow(6962)).take(40_000).toArray()
  const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const lines = cases.map((one) =>
    JSON.stringify({ ...one, root: encode(one.root), hash: encode(one.hash), proof: one.proof.map(encode) }),
  )
  const theirs = go(['check'], lines.join('\n'))
  assert.equal(theirs.length, cases.length)
  let accepted = 0
  for (const [at, one] of cases.entries()) {
    const ours = await holds(one)
    accepted += ours ? 1 : 0
    assert.equal(ours, theirs[at] === '1', JSON.stringify(lines[at]))
  }
  assert.ok(accepted >= 4000 && accepted < 20_000, `${accepted} accepted`)
})

test('our tiles are those of Go, by path and byte', { skip }, async () => {
  const steps = [0, 1, 2, 255, 256, 257, 300, 1000, 65_535, 65_536, 65_537, 70_000]
  const words = steps.slice(1).flatMap((to, at) => [String(steps[at]), String(to)])
  const theirs = new Set(
    go(['tiles', ...words])
      .trim()
      .split('\n'),
  )
  const tree = new Tree()
  const files = new LogFiles()
  const ours = new Set<string>()
  for (const [at, to] of steps.slice(1).entries()) {
    const from = steps[at]!
    for (const tile of await log.growTiles(from, tree.leaves.slice(from, to), files.readTile)) {
      files.files.set(log.tilePath(tile), tile.bytes)
      const path = log.tilePath(tile).replace('tile/', 'tile/8/')
      ours.add(`${from} ${to} ${path} ${createHash('sha256').update(tile.bytes).digest('hex')}`)
    }
  }
  assert.deepEqual([...ours].toSorted(), [...theirs].toSorted())
})

test('Go opens our notes, and whatever of 5,000 edited notes we accept', { skip }, async () => {
  const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
  const own = log.noteSigner('log.example', ed25519From(seed(1)))
  const witness = log.cosigner({ name: 'w.example', privateKey: ed25519From(seed(2)), clock: fixedClock(0) })
  const text = log.formatCheckpoint({ origin: 'log.example', size: 7, root: seed(3) })
  const note = await log.signNote(text, [witness, own])
  const below = numbersBelow(7)
  const edited = Array.from({ length: 5000 }, () => {
    const at = below(note.length)
    return note.slice(0, at) + String.fromCharCode(10 + below(117)) + note.slice(at + below(3))
  })
  const notes = [note, ...edited]
  const input = notes.map((one) => JSON.stringify(Buffer.from(one).toString('base64'))).join('\n')
  const theirs = go(['open', own.vkey], input).trim().split('\n')
  assert.equal(theirs[0], `${Buffer.from(text).toString('base64')} 1 1`)
  for (const [at, one] of notes.entries()) {
    const ours = await verifySignaturesOf(one, own.key)
    if (ours !== undefined) assert.equal(theirs[at]?.split(' ')[0], Buffer.from(ours).toString('base64'), one)
  }
})

/** The text that a key signed, if we accept the note. */
async function verifySignaturesOf(note: string, key: Awaited<ReturnType<typeof readNoteKey>>) {
  try {
    const checkpoint = readCheckpoint(note)
    const found = await verifySignatures(checkpoint, [key], log.nodeCryptography)
    return found.length === 1 ? checkpoint.text : undefined
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}

test('we read keys and notes that Go makes', { skip }, async () => {
  const text = log.formatCheckpoint({ origin: 'go.example/log', size: 9, root: new Uint8Array(32) })
  const [vkey = '', ...rest] = go(['sign', 'go.example/log'], text).split('\n')
  const key = await readNoteKey(vkey, log.nodeCryptography)
  const found = await verifySignatures(readCheckpoint(rest.join('\n')), [key], log.nodeCryptography)
  assert.deepEqual(found, [{ key, time: undefined }])
})
