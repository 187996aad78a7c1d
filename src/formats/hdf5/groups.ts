/**
 * The links of a group, in whichever of the three ways they are stored: in the header of the group, in a symbol table
 * with a tree and a heap of names, or in a fractal heap with an index.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1, III.B, III.C, IV.A.2.c, IV.A.2.r.
 */
import { ByteReader } from '../../base/index.ts'
import { readDense } from './dense.ts'
import { type Hdf5File, stop } from './file.ts'
import { LocalHeap } from './heaps.ts'
import { type Link, readLink } from './links.ts'
import { MESSAGE, type Message } from './object-header.ts'
import type { TreeRanks } from './superblock.ts'
import { openNode } from './tree-v1.ts'

const SYMBOLS = { what: 'symbol table', role: 'index' } as const
const GROUP_TREE = 0
const NAME_TREE = 5
const HASH_BYTES = 4
const SOFT_LINK = 2

/** True when the messages are those of a group. */
export function isGroup(messages: readonly Message[]): boolean {
  return messages.some(({ type }) => type === MESSAGE.symbolTable || type === MESSAGE.linkInfo || type === MESSAGE.link)
}

/** How the links of a group are read, and the list that takes them as far as they can be read. */
export interface LinkList {
  readonly ranks: TreeRanks
  readonly into: Link[]
}

/** All links of a group. @throws Fault `h5-…` */
export function readLinks(file: Hdf5File, messages: readonly Message[], list: LinkList): void {
  for (const { type, body } of messages) {
    if (type === MESSAGE.link) list.into.push(readLink(file, body))
    else if (type === MESSAGE.linkInfo) readDenseLinks(file, body, list.into)
    else if (type === MESSAGE.symbolTable) readSymbols(file, new ByteReader(body), list)
  }
}

function readDenseLinks(file: Hdf5File, body: Uint8Array, into: Link[]): void {
  readDense(file, body, {
    orderBytes: 8,
    tree: NAME_TREE,
    take(record, heap) {
      record.skip(HASH_BYTES)
      into.push(readLink(file, heap.read(record.bytes(record.remaining))))
    },
  })
}

function readSymbols(file: Hdf5File, reader: ByteReader, { ranks, into }: LinkList): void {
  const address = file.someAddress(reader, 'the tree of a group')
  const heap = new LocalHeap(file, file.someAddress(reader, 'the names of a group'))
  const most = 2 * ranks.leaf
  const length = 8 + most * (2 * file.sizes.offsetSize + 24)
  const visit = (at: number): void => {
    const entries = file.open(file.take(at, length, SYMBOLS), 'SNOD', 1)
    entries.skip(1)
    const count = entries.u16()
    if (count > most) throw stop('h5-structure', `a symbol table of ${count} entries; ${most} fit`)
    for (let i = 0; i < count; i++) into.push(readEntry(file, entries, heap))
  }
  visitTree({ file, rank: ranks.node, visit }, address)
}

function readEntry(file: Hdf5File, reader: ByteReader, heap: LocalHeap): Link {
  file.countEntry()
  const name = heap.text(file.offset(reader))
  file.names.add(name)
  const address = file.address(reader)
  const cached = reader.u32()
  reader.skip(4)
  const scratch = new ByteReader(reader.bytes(16))
  if (cached === SOFT_LINK) return { name, to: { kind: 'soft', path: heap.text(scratch.u32()) } }
  if (address === undefined) throw stop('h5-address', `the link ${JSON.stringify(name)} leads nowhere`)
  return { name, to: { kind: 'hard', address } }
}

interface GroupTree {
  readonly file: Hdf5File
  /** Half of the children of a node. */
  readonly rank: number
  visit(address: number): void
}

function visitTree(tree: GroupTree, address: number, height?: number): void {
  const { file, rank } = tree
  const { node, level, used } = openNode(file, address, { type: GROUP_TREE, rank, key: file.sizes.lengthSize, height })
  for (let i = 0; i < used; i++) {
    file.length(node)
    const child = file.someAddress(node, 'a part of a group')
    if (level === 0) tree.visit(child)
    else visitTree(tree, child, level - 1)
  }
}
