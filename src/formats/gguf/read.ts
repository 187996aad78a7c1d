/**
 * Reads a GGUF file into facts.
 *
 * The order is that of the file: magic, version and byte order, counts, metadata, tensor list, data. A break in the
 * structure ends the walk and what was read until then stays; the reading is then `unread`, never `full`.
 *
 * Source: the GGUF specification, versions 2 and 3; the checks of ggml's `gguf.cpp`.
 */
import { alignUp, Fault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts, MetadataFact } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { checkContradictions } from './contradictions.ts'
import { readSize, stop, walk, type GgufContext } from './context.ts'
import { claimPadding, layOut } from './layout.ts'
import { readMetadata, type MetadataByKey } from './metadata.ts'
import { readTensorInfos, type TensorInfo } from './tensor-infos.ts'

const MAGIC_BYTES = 4
const LEAST_ENTRY = 13
const LEAST_TENSOR = 24
const DEFAULT_ALIGNMENT = 32

/** Most tensors that are read: twice what any known model has in any format. */
export const MOST_TENSORS = 131_072
/** Most metadata entries that are read. */
const MOST_ENTRIES = 65_536

/** The magics of the formats before GGUF, as they stand in files. */
export const OBSOLETE_MAGICS: readonly string[] = ['lmgg', 'fmgg', 'tjgg', 'algg', 'nsgg']

/** Reads a file whose first bytes are those of GGUF or of a format before it. @throws Fault `not-gguf`, `budget-…` */
export function readGguf(request: ReadRequest): FileFacts {
  const { path, source, budget } = request
  const facts = new FactCollector(request, 'gguf', ANOMALIES)
  const { anomalies } = facts
  const cursor = new PageReader(source)
  const context: GgufContext = { path, size: source.size, cursor, facts, anomalies, budget, locus: 'header', offset: 0 }
  const parts: Parts = { byKey: new Map(), infos: [] }
  if (walk(context, () => readStructure(context, parts))) finish(context, parts)
  return facts.finish()
}

interface Parts {
  readonly byKey: MetadataByKey
  readonly infos: TensorInfo[]
}

function readStructure(context: GgufContext, { byKey, infos }: Parts): void {
  const { cursor, facts } = context
  readVersion(context)
  const tensorCount = readCount(context, { what: 'tensors', least: LEAST_TENSOR, most: MOST_TENSORS })
  const entryCount = readCount(context, { what: 'metadata entries', least: LEAST_ENTRY, most: MOST_ENTRIES })
  facts.claim('header', MAGIC_BYTES, cursor.at)
  const from = cursor.at
  readMetadata(context, entryCount, byKey)
  facts.claim('metadata', from, cursor.at)
  const list = cursor.at
  readTensorInfos(context, tensorCount, infos)
  facts.claim('index', list, cursor.at)
}

function readVersion(context: GgufContext): void {
  const { cursor } = context
  const magic = Buffer.from(cursor.view(MAGIC_BYTES)).toString('latin1')
  if (OBSOLETE_MAGICS.includes(magic))
    throw stop('ggf-obsolete', `a file of the obsolete format ${magic.split('').toReversed().join('')}`)
  if (magic !== 'GGUF') throw new Fault('not-gguf', `${context.path} does not begin with GGUF`)
  context.facts.claim('magic', 0, MAGIC_BYTES)
  cursor.littleEndian = (cursor.u32() & 0xffff) !== 0
  cursor.seek(MAGIC_BYTES)
  const version = cursor.u32()
  if (version === 1) throw stop('ggf-obsolete', 'GGUF version 1, which no current reader accepts')
  if (version !== 2 && version !== 3) throw stop('ggf-version', `GGUF version ${version}; 2 and 3 exist`)
}

function readCount(
  context: GgufContext,
  { what, least, most }: { readonly what: string; readonly least: number; readonly most: number },
): number {
  const { cursor } = context
  const count = readSize(cursor, `the number of ${what}`)
  if (count > cursor.remaining / least)
    throw stop('ggf-count', `${count} ${what} are declared; ${cursor.remaining} bytes are left`)
  if (count > most) throw stop('ggf-limit', `${count} ${what}; at most ${most} are read`)
  return count
}

function finish(context: GgufContext, { byKey, infos }: Parts): void {
  const end = context.cursor.at
  const alignment = readAlignment(context, byKey.get('general.alignment'))
  if (alignment === undefined) return
  if (infos.length === 0) return claimPadding(context, end, alignment)
  const from = alignUp(end, alignment)
  context.facts.claim('padding', end, Math.min(from, context.size))
  const tensors = layOut(context, infos, { from, alignment, bigEndian: !context.cursor.littleEndian })
  if (tensors.length === infos.length) checkContradictions(context, { byKey, tensors })
  if (context.anomalies.reason === undefined) for (const tensor of tensors) context.facts.tensor(tensor)
}

function readAlignment({ anomalies }: GgufContext, fact: MetadataFact | undefined): number | undefined {
  if (fact === undefined) return DEFAULT_ALIGNMENT
  const { value } = fact
  const locus = 'general.alignment'
  if (fact.type !== 'u32' || typeof value !== 'number' || value === 0 || !Number.isInteger(Math.log2(value))) {
    anomalies.add(
      'ggf-alignment',
      `general.alignment is ${JSON.stringify(value)} of type ${fact.type}, no u32 power of two`,
      { locus },
    )
    return undefined
  }
  if (value % 8 !== 0) anomalies.add('ggf-odd-alignment', `general.alignment is ${value}, no multiple of 8`, { locus })
  return value
}
