import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFault } from '../../base/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from './verify.ts'

const FOLDER = ['vectors', 'merkle', 'testdata'] as const

type Vector = Readonly<Record<string, number>> & {
  readonly root: string
  readonly root1: string
  readonly root2: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64')

const CHECKS: Readonly<Record<string, (vector: Vector, hashes: readonly Uint8Array[]) => void | Promise<void>>> = {
  inclusion: ({ leafIdx = -1, treeSize = -1, root, leafHash }, hashes) =>
    verifyInclusion({ index: leafIdx, size: treeSize, root: bytes(root), leafHash: bytes(leafHash), hashes }),
  subtreeinclusion: ({ leafIdx = -1, start = -1, end = -1, root, leafHash }, hashes) => {
    const claim = { root: bytes(root), leafHash: bytes(leafHash), hashes }
    return verifySubtreeInclusion({ index: leafIdx, within: { start, end }, ...claim })
  },
  consistency: ({ size1 = -1, size2 = -1, root1, root2 }, hashes) =>
    verifyConsistency({ from: size1, to: size2, fromRoot: bytes(root1), toRoot: bytes(root2), hashes }),
  subtreeconsistency: ({ start = -1, end = -1, size = -1, root1, root2 }, hashes) =>
    verifySubtreeConsistency({ part: { start, end }, size, partRoot: bytes(root1), root: bytes(root2), hashes }),
}

async function accepts(kind: string, vector: Vector): Promise<boolean> {
  try {
    await CHECKS[kind]?.(vector, (vector.proof ?? []).map(bytes))
    return true
  } catch (thrown) {
    if (isFault(thrown)) return false
    throw thrown
  }
}

test('the tree agrees with all 518 vectors of transparency-dev/merkle', needsShared(...FOLDER), async () => {
  const folder = sharedPath(...FOLDER) ?? ''
  const paths = globSync('**/*.json', { cwd: folder })
  assert.equal(paths.length, 518)
  const outcomes = paths.map(async (path) => {
    const vector = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Vector
    return { path, agrees: (await accepts(path.split('/')[0] ?? '', vector)) === !vector.wantErr }
  })
  const wrong = (await Promise.all(outcomes)).filter(({ agrees }) => !agrees)
  assert.deepEqual(wrong, [])
})
