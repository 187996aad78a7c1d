import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFault } from '../base/index.ts'
import { needsShared, sharedPath } from '../testing/folders.ts'
import { webCryptography } from './cryptography.ts'
import { hashLeaf, rootOfProof } from './inclusion.ts'

const FOLDER = ['vectors', 'merkle', 'testdata', 'inclusion'] as const

interface Vector {
  readonly leafIdx: number
  readonly treeSize: number
  readonly root: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64')

async function accepts({ leafIdx, treeSize, root, leafHash, proof }: Vector): Promise<boolean> {
  const claim = { index: BigInt(leafIdx), size: BigInt(treeSize), hashes: (proof ?? []).map(bytes) }
  try {
    return Buffer.from(await rootOfProof(bytes(leafHash), claim, webCryptography)).equals(bytes(root))
  } catch (thrown) {
    if (isFault(thrown, 'inclusion')) return false
    throw thrown
  }
}

test(
  'rootOfProof() agrees with every inclusion vector of transparency-dev/merkle',
  needsShared(...FOLDER),
  async () => {
    const folder = sharedPath(...FOLDER) ?? ''
    const paths = globSync('**/*.json', { cwd: folder })
    for (const path of paths) {
      const vector = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Vector
      assert.equal(await accepts(vector), !vector.wantErr, path)
    }
    assert.equal(paths.length, 98)
  },
)

test('rootOfProof() leads from each leaf of a tree of seven to its root and from none to another', async () => {
  const { sha256 } = webCryptography
  const node = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> =>
    sha256(Buffer.concat([[1], left, right].map((part) => Buffer.from(part))))
  const leaves = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => hashLeaf(Uint8Array.of(n), webCryptography)))
  const pathTo = async (
    index: number,
    level: readonly Uint8Array[],
  ): Promise<{ root: Uint8Array; hashes: Uint8Array[] }> => {
    if (level.length === 1) return { root: level[0] ?? new Uint8Array(), hashes: [] }
    const split = 2 ** Math.floor(Math.log2(level.length - 1))
    const [left, right] = [level.slice(0, split), level.slice(split)]
    const [near, far] = index < split ? [left, right] : [right, left]
    const inner = await pathTo(index < split ? index : index - split, near)
    const other = (await pathTo(0, far)).root
    const root = index < split ? await node(inner.root, other) : await node(other, inner.root)
    return { root, hashes: [...inner.hashes, other] }
  }
  for (const [index, leaf] of leaves.entries()) {
    const { root, hashes } = await pathTo(index, leaves)
    const claim = { index: BigInt(index), size: 7n, hashes }
    assert.deepEqual(await rootOfProof(leaf, claim, webCryptography), root)
    const wrong = leaves[(index + 1) % 7] ?? leaf
    assert.notDeepEqual(await rootOfProof(wrong, claim, webCryptography), root)
    await assert.rejects(rootOfProof(leaf, { ...claim, index: 7n }, webCryptography), { code: 'inclusion' })
  }
})
