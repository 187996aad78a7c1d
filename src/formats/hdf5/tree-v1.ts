/**
 * Nodes of version 1 B-trees: of groups and of chunks.
 *
 * Guarantee: a node is read once and stands one level below the node above it.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1.
 */
import type { ByteReader } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'

const NODE = { what: 'tree node', role: 'index' } as const
const DEEPEST = 32

/** What the node must be. */
export interface NodeForm {
  readonly type: number
  /** Half of the children that fit. */
  readonly rank: number
  /** Bytes of a key. */
  readonly key: number
  /** The level that the node above it asks for. */
  readonly height: number | undefined
}

/** A node, its reader before the first key. */
export interface TreeNode {
  readonly node: ByteReader
  readonly level: number
  readonly used: number
}

/** Reads the head of a node and claims the whole. @throws Fault `h5-…` */
export function openNode(file: Hdf5File, address: number, { type, rank, key, height }: NodeForm): TreeNode {
  const { offsetSize } = file.sizes
  const bytes = file.take(address, 8 + 2 * offsetSize + 2 * rank * offsetSize + (2 * rank + 1) * key, NODE)
  const node = file.open(bytes, 'TREE', type)
  const level = node.u8()
  const used = node.u16()
  if (used > 2 * rank) throw stop('h5-structure', `a tree node with ${used} children; ${2 * rank} fit`)
  if (level > DEEPEST || (height !== undefined && level !== height))
    throw stop('h5-structure', `a tree node of level ${level} where ${height ?? `at most ${DEEPEST}`} is due`)
  node.skip(2 * offsetSize)
  return { node, level, used }
}
