/**
 * Walks a MessagePack file as Flax writes it: maps of maps, with arrays at their ends.
 *
 * Names are the keys on the way, joined by dots. An array that was too long for one piece is a map of its own, whose
 * pieces follow one another in the file but not without gaps.
 *
 * Source: `flax/serialization.py`.
 */
import { Fault } from '../../base/index.ts'
import type { AnomalyPlace } from '../anomaly-list.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import type { PageReader } from '../page-reader.ts'
import { sniffPickle } from '../pickle/sniff.ts'
import type { ReadRequest } from '../reader.ts'
import { takeGlimpse } from '../sniff.ts'
import { sliceSource } from '../slice-source.ts'
import type { FlaxAnomaly } from './anomalies.ts'
import { checkArray, takeArray, type FlaxArray } from './arrays.ts'
import { DTYPES } from './dtypes.ts'
import { nextItem, type ExtensionItem, type LeafItem } from './items.ts'

const ARRAY = 1
const COMPLEX = 2
const SCALAR = 3
const CHUNKED = '__msgpack_chunked_array__'
const KEPT_TEXT = 4096
const SHORTEST_PAYLOAD = 16
const MOST_ITEMS = 64

/** State of one reading. */
export interface FlaxWalk {
  readonly request: ReadRequest
  readonly facts: FactCollector<FlaxAnomaly>
  readonly cursor: PageReader
  /** Everything before is claimed. */
  claimed: number
  /** Whether scalars are passed over without a fact. */
  quiet: boolean
  /** The array that is being put together from pieces, when one is. */
  pieces: { readonly arrays: FlaxArray[]; readonly shape: number[] } | undefined
}

/** Takes one value whole. @throws Fault `msg-…`, `budget-…` */
export function takeValue(walk: FlaxWalk, path: string, depth: number): void {
  const { cursor, request } = walk
  request.budget.checkDepth(depth)
  request.budget.spendItems()
  const item = nextItem(cursor, request.source.size)
  if (item.is === 'map') takeMap(walk, { path, depth, count: item.count })
  else if (item.is === 'list') takeList(walk, { path, depth, count: item.count })
  else if (item.is === 'extension') takeExtension(walk, item, path)
  else takeScalar(walk, item, path)
}

/** Of a long list only the first scalars become facts; arrays all do. */
function takeList(walk: FlaxWalk, list: Inner): void {
  for (let i = 0; i < list.count; i++) {
    walk.quiet = i >= MOST_ITEMS
    takeValue(walk, join(list.path, String(i)), list.depth + 1)
  }
  walk.quiet = false
}

/** A list or a map whose items follow. */
interface Inner {
  readonly path: string
  readonly depth: number
  readonly count: number
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function takeText({ cursor, facts }: FlaxWalk, length: number, locus: string): string {
  const kept = Buffer.from(cursor.view(Math.min(KEPT_TEXT, length)))
  cursor.skip(length - kept.length)
  const text = kept.toString('utf8')
  if (text.includes('\ufffd') && length <= KEPT_TEXT)
    facts.anomalies.add('msg-text', 'a text is not UTF-8', { locus, offset: cursor.at - length })
  return text
}

function takeKey(walk: FlaxWalk, path: string): string {
  const { cursor, request } = walk
  const item = nextItem(cursor, request.source.size)
  if (item.is === 'text') return takeText(walk, item.length, `a key in ${path}`)
  if (item.is === 'integer') return String(item.value)
  throw new Fault('msg-key', `a key of ${path === '' ? 'the root' : path} is of the kind ${item.is}`)
}

function takeMap(walk: FlaxWalk, map: Inner): void {
  const { path, depth, count } = map
  const keys = new Set<string>()
  walk.quiet = false
  let chunked = false
  for (let i = 0; i < count; i++) {
    const at = walk.cursor.at
    const key = takeKey(walk, path)
    if (keys.has(key)) noteTwin(walk, key, { locus: path === '' ? 'the root' : path, offset: at })
    keys.add(key)
    if (i === 0 && key === CHUNKED && walk.pieces === undefined) {
      chunked = true
      walk.pieces = { arrays: [], shape: [] }
    }
    takeValue(walk, join(path, key), depth + 1)
  }
  if (chunked) joinPieces(walk, path)
}

function noteTwin({ facts }: FlaxWalk, key: string, place: AnomalyPlace): void {
  facts.anomalies.add('msg-duplicate-key', `the key ${quoteName(key)} stands twice`, place)
}

function joinPieces(walk: FlaxWalk, path: string): void {
  const { arrays = [], shape = [] } = walk.pieces ?? {}
  walk.pieces = undefined
  const [first] = arrays
  if (first === undefined) return
  const length = arrays.reduce((sum, piece) => sum + piece.length, 0)
  addTensor(walk, { ...first, shape, length }, { path, packed: 'chunked' })
}

function addTensor(walk: FlaxWalk, array: FlaxArray, { path, packed }: { path: string; packed?: string }): void {
  checkArray(walk, array, path)
  const type = DTYPES.get(array.dtype)?.[0]
  const reason = packed ?? (type === undefined ? 'typed' : undefined)
  walk.facts.tensor({
    name: path.toWellFormed(),
    type: type ?? array.dtype,
    shape: array.shape,
    file: walk.request.path,
    offset: array.at,
    length: array.length,
    ...(reason !== undefined && { packed: reason }),
  })
}

function takeExtension(walk: FlaxWalk, { type, length }: ExtensionItem, path: string): void {
  const { cursor, facts } = walk
  const from = cursor.at
  if (type === ARRAY || type === SCALAR) {
    const array = takeArray(walk, from + length)
    if (walk.pieces === undefined) addTensor(walk, array, { path })
    else walk.pieces.arrays.push(array)
    return
  }
  if (type !== COMPLEX) {
    const message = `an extension of type ${type} and ${length} bytes, which this version does not know`
    facts.anomalies.add('msg-extension', message, { locus: path, offset: from, length })
    facts.leaveUnread(message)
  }
  takePayload(walk, length, path)
}

/** Bytes that say nothing by themselves; a pickle among them is read as what it is. */
function takePayload(walk: FlaxWalk, length: number, path: string): void {
  const { cursor, request, facts } = walk
  const at = cursor.at
  cursor.skip(length)
  facts.claim('metadata', walk.claimed, at)
  facts.claim('opaque', at, at + length)
  walk.claimed = at + length
  if (length < SHORTEST_PAYLOAD) return
  const source = sliceSource(request.source, at, length)
  const sure = sniffPickle(takeGlimpse(path, source))
  if (sure === 'magic' || sure === 'structure') request.readMember({ name: path, source, at, format: 'pickle' })
}

function takeScalar(walk: FlaxWalk, item: LeafItem, path: string): void {
  const { facts, pieces } = walk
  if (item.is === 'bytes') return takePayload(walk, item.length, path)
  if (pieces !== undefined && item.is === 'integer') pieces.shape.push(Number(item.value))
  const read = item.is === 'text' ? takeText(walk, item.length, path).toWellFormed() : item.value
  if (walk.quiet) return
  const isPlain = typeof read === 'number' ? Number.isFinite(read) : typeof read !== 'bigint'
  facts.metadata({ key: path.toWellFormed(), type: item.is, value: isPlain ? read : String(read) })
}
