/**
 * Datasets: where their data lie, whether they may lie there, and the tensors that they are.
 *
 * No data are read. A contiguous or compact dataset of numbers is a tensor whose bytes stand in the file as they are;
 * one in chunks is listed as packed.
 */
import { addChecked } from '../../base/index.ts'
import { quoteName } from '../names.ts'
import { sliceSource } from '../slice-source.ts'
import { claimChunks } from './chunks.ts'
import { type Dataspace, readDataspace } from './dataspace.ts'
import { type Datatype, declaredType, readDatatype, tensorType } from './datatype.ts'
import { type Hdf5File, stop } from './file.ts'
import { checkFilters } from './filters.ts'
import { mayHoldFile, readEmbeddedDataset } from './embedded.ts'
import { type GlobalHeaps, LocalHeap } from './heaps.ts'
import { type Layout, readExternalFiles, readFilters, readLayout } from './layout.ts'
import { MESSAGE, type Message } from './object-header.ts'
import { virtualSources } from './virtual.ts'

/** More declared data than anybody needs who stores so little of it. */
const BOMB = { least: 256 * 1024 * 1024, ratio: 200 } as const

const MOST_NAMED = 4
const MOST = BigInt(Number.MAX_SAFE_INTEGER)

/** What datasets are read with. */
export interface DatasetSource {
  readonly file: Hdf5File
  readonly heaps: GlobalHeaps
  /** Half of the children of a node of a version 1 tree of chunks. */
  readonly rank: number
}

interface Dataset {
  readonly name: string
  readonly type: Datatype
  /** Name of the type of tensor elements; undefined for what is no tensor. */
  readonly elements: string | undefined
  readonly shape: readonly number[]
  /** Bytes that shape and type come to. */
  readonly size: number
  readonly layout: Layout
  readonly layoutAt: number | undefined
  readonly isFiltered: boolean
}

/** True when the messages are those of a dataset. */
export function isDataset(messages: readonly Message[]): boolean {
  return messages.some(({ type }) => type === MESSAGE.layout)
}

function find(messages: readonly Message[], wanted: number): Message | undefined {
  return messages.find(({ type }) => type === wanted)
}

function need(messages: readonly Message[], wanted: number, what: string): Message {
  const found = find(messages, wanted)
  if (found === undefined) throw stop('h5-structure', `a dataset without ${what}`)
  return found
}

/** Attribute beside a dataset that says what its opaque bytes are. */
export const DECLARED_TYPE = 'dtype'

/** What is known of a dataset before it is read. */
export interface DatasetPlace {
  /** Name of the tensor. */
  readonly name: string
  /** What {@link DECLARED_TYPE} beside it says. */
  readonly declared: string | undefined
}

/** Reads the dataset of these messages. @throws Fault `h5-…` */
export function readDataset(
  source: DatasetSource,
  messages: readonly Message[],
  { name, declared }: DatasetPlace,
): void {
  const { file } = source
  const type = readDatatype(need(messages, MESSAGE.datatype, 'a type').body, file.budget)
  const space = readDataspace(file, need(messages, MESSAGE.dataspace, 'a shape').body)
  const layoutMessage = need(messages, MESSAGE.layout, 'a layout')
  const layout = readLayout(file, layoutMessage.body)
  const pipeline = find(messages, MESSAGE.filters)
  const filters = pipeline === undefined ? [] : readFilters(pipeline.body)
  checkFilters(file, filters)
  const size = sizeOf(space, type)
  const external = find(messages, MESSAGE.externalFiles)
  const layoutAt = layoutMessage.at
  const elements = tensorType(type) ?? declaredType(type, declared)
  const dataset = { name, type, elements, shape: space ?? [], size, layout, layoutAt, isFiltered: filters.length > 0 }
  if (external !== undefined) return noteExternal(source, dataset, external.body)
  place(source, dataset)
}

/** Bytes that shape and type come to, or the most that a number can say. */
function sizeOf(space: Dataspace, type: Datatype): number {
  const size = (space ?? [0]).reduce((product, one) => product * BigInt(one), BigInt(type.size))
  return Number(size > MOST ? MOST : size)
}

function noteExternal({ file }: DatasetSource, dataset: Dataset, body: Uint8Array): void {
  const { heap, names } = readExternalFiles(file, body)
  const texts = new LocalHeap(file, heap)
  const files = names.map((at) => texts.text(at))
  for (const target of files) file.facts.reference({ kind: 'path', target: target.toWellFormed(), locus: dataset.name })
  file.note('h5-external-storage', `its data lie in ${files.map((one) => quoteName(one)).join(', ') || 'another file'}`)
}

function place(source: DatasetSource, dataset: Dataset): void {
  const { layout } = dataset
  if (layout.kind === 'compact') placeCompact(source, dataset, layout)
  else if (layout.kind === 'contiguous') placeContiguous(source, dataset, layout)
  else if (layout.kind === 'chunked') placeChunks(source, dataset)
  else noteVirtual(source, dataset, layout)
}

type Of<Kind extends Layout['kind']> = Extract<Layout, { kind: Kind }>

function placeCompact({ file }: DatasetSource, dataset: Dataset, { at, length }: Of<'compact'>): void {
  if (length !== dataset.size) throw stop('h5-size', `${length} bytes are stored, shape and type want ${dataset.size}`)
  if (dataset.layoutAt === undefined) return
  addTensor(file, dataset, { address: dataset.layoutAt + at, length })
  embed(file, dataset, dataset.layoutAt + at)
}

function placeContiguous({ file }: DatasetSource, dataset: Dataset, { address, length }: Of<'contiguous'>): void {
  if (address === undefined) return checkBomb(file, dataset, 0)
  if (length !== undefined && length !== dataset.size)
    throw stop('h5-size', `${length} bytes are stored, shape and type want ${dataset.size}`)
  file.claim(address, dataset.size, dataset.elements === undefined ? 'metadata' : 'tensor')
  addTensor(file, dataset, { address, length: dataset.size })
  embed(file, dataset, address)
}

/** Bytes that are no numbers may be a file. */
function embed(file: Hdf5File, { name, type, elements, size }: Dataset, address: number): void {
  if (elements !== undefined || !mayHoldFile(type)) return
  const at = file.place(address, size)
  readEmbeddedDataset(file, name, { at, source: sliceSource(file.source, at, size) })
}

function placeChunks({ file, rank }: DatasetSource, dataset: Dataset): void {
  const layout = dataset.layout as Of<'chunked'>
  const { shape, type } = dataset
  if (layout.dimensions.length !== shape.length + 1 || layout.dimensions.at(-1) !== type.size)
    throw stop(
      'h5-size',
      `chunks of ${layout.dimensions.join(' × ')} for a shape of ${shape.join(' × ')} × ${type.size}`,
    )
  const { stored, first } = claimChunks(file, { layout, shape, isFiltered: dataset.isFiltered, rank })
  checkBomb(file, dataset, stored)
  const address = first ?? 0
  const length = Math.min(stored, file.sizes.end - file.sizes.base - address)
  addTensor(file, dataset, { address, length, packed: 'chunked' })
}

function checkBomb(file: Hdf5File, { shape, size }: Dataset, stored: number): void {
  if (size <= BOMB.least || size <= BOMB.ratio * stored) return
  file.note('h5-shape-bomb', `${shape.join(' × ')} elements of ${size} bytes are declared, ${stored} are stored`)
}

function addTensor(
  file: Hdf5File,
  { name, type, elements, shape }: Dataset,
  { address, length, packed }: { readonly address: number; readonly length: number; readonly packed?: string },
): void {
  if (elements === undefined) return
  const order = (type.base ?? type.members?.[0]?.type ?? type).bigEndian ? { bigEndian: true } : {}
  const offset = addChecked(file.sizes.base, address)
  const bytes = packed === undefined ? {} : { packed }
  file.facts.tensor({ name, type: elements, shape, file: file.path, offset, length, ...order, ...bytes })
}

function noteVirtual({ file, heaps }: DatasetSource, { name }: Dataset, { address, index }: Of<'virtual'>): void {
  const sources = address === undefined ? [] : virtualSources(file, heaps.read(address, index))
  if (sources?.length === 0) return
  for (const target of sources ?? []) file.facts.reference({ kind: 'path', target: target.toWellFormed(), locus: name })
  const from = (sources ?? []).slice(0, MOST_NAMED).map((one) => quoteName(one))
  file.note('h5-virtual', `a virtual dataset takes its data from ${from.join(', ') || 'other files'}`)
}
