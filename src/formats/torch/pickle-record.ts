/**
 * A pickle of a torch archive and the tensors that it makes of records.
 *
 * A persistent id names a storage by its key; the record of that key lies in a folder beside the pickle and must be of
 * exactly the size that the id says.
 */
import { quoteName } from '../names.ts'
import { analysePickle, type PickleAnalysis, type PickleContext, type PickleTensor } from '../pickle/engine/index.ts'
import type { ZipMember } from '../zip/index.ts'
import { isStored } from '../zip/content.ts'
import type { TorchArchive } from './archive.ts'
import { placeTensor, type Storage } from './place-tensor.ts'

/** How a pickle finds its storages. */
export interface RecordOptions {
  /** Name of the record of a storage. */
  readonly record: (key: string) => string
  readonly names?: PickleContext['names']
  /** True when the storages are records without bytes: only their sizes were kept. */
  readonly hollow?: boolean
  /** What stands before the names of its tensors. */
  readonly prefix?: string
}

/** Reads a pickle record, and claims the records of the storages that it refers to. @throws Fault `budget-…` */
export function readPickleRecord(archive: TorchArchive, name: string, options: RecordOptions): void {
  const member = archive.take(name, 'code')
  const source = member && archive.open(member)
  if (member === undefined || source === undefined) return
  const used = new Set<string>()
  const storageBytes = (key: string): number | undefined => {
    used.add(key)
    return archive.records.get(options.record(key))?.size
  }
  const sizes = options.hollow === true ? {} : { storageBytes }
  const names = options.names === undefined ? {} : { names: options.names }
  const context: PickleContext = { persistent: 'torch', locus: name, ...sizes, ...names }
  const analysis = analysePickle({ ...archive.request, source }, 0, context)
  archive.parts.add(analysis, { part: name, shift: isStored(member) ? member.from : undefined })
  if (analysis.end < source.size) noteRest(archive, name, source.size - analysis.end)
  if (options.hollow === true) return takeHollow(archive, analysis, options)
  for (const key of used) archive.take(options.record(key), 'tensor')
  for (const tensor of analysis.tensors) takeTensor(archive, tensor, options)
}

function takeHollow(archive: TorchArchive, { storages }: PickleAnalysis, { record }: RecordOptions): void {
  for (const name of new Set(storages.map(({ key }) => record(key))))
    if (archive.records.get(name)?.size === 0) archive.take(name, 'tensor')
}

function noteRest({ facts }: TorchArchive, name: string, length: number): void {
  const message = `${length} bytes follow the stream in record ${quoteName(name)}`
  facts.anomalies.add('pkl-after-stop', message, { locus: `record ${quoteName(name)}` })
}

function storageOf(member: ZipMember): Storage {
  const lies = { from: member.from, bytes: member.size }
  return isStored(member) ? lies : { ...lies, packed: 'compressed' }
}

function takeTensor(archive: TorchArchive, tensor: PickleTensor, { record, prefix = '' }: RecordOptions): void {
  const member = archive.records.get(record(tensor.storage))
  const file = { path: archive.request.path, bigEndian: archive.bigEndian }
  const fact = member && placeTensor(tensor, storageOf(member), file)
  if (fact !== undefined) return archive.facts.tensor({ ...fact, name: prefix + fact.name })
  const locus = `tensor ${quoteName(tensor.name)}`
  const what = `${locus} does not lie in storage ${quoteName(tensor.storage)}`
  archive.facts.anomalies.add('pkl-tensor', what, { locus })
  archive.facts.leaveUnread(what)
}

/** Notes the storages of a folder that no pickle refers to; they are read as files of their own. */
export function noteUnreferenced(archive: TorchArchive, isStorage: RegExp): void {
  for (const name of archive.left.filter((each) => isStorage.test(each)))
    archive.note('tor-unreferenced', name, 'is a storage that no tensor refers to')
}
