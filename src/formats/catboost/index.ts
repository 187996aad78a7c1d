/**
 * CatBoost models (.cbm): trees as a FlatBuffer, behind which what categorical, text and embedding features need lies.
 *
 * Source: `model.fbs`, `ctr_data.fbs` and `features.fbs` of CatBoost 1.2.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES, type FlatAnomaly } from '../flatbuffer/anomalies.ts'
import { claimFlat, openFlat } from '../flatbuffer/open.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'
import { CATBOOST_SCHEMA } from './schema.ts'

const MAGIC = 'CBM1'
const HEAD_BYTES = 8
const MOST_PARTS = 64
/** The part that holds statistics of categorical features. */
const CTR_PART = 'static_provider_v1'

type Facts = FactCollector<FlatAnomaly>

/** Bytes of the FlatBuffer; undefined, and an anomaly, when the file does not have them. */
function readSize({ source }: ReadRequest, facts: Facts): number | undefined {
  const size = source.size < HEAD_BYTES ? 0 : new PageReader(source, { at: MAGIC.length }).u32()
  if (size > 0 && size <= source.size - HEAD_BYTES) return size
  facts.anomalies.add('fbf-outside', `a model of ${size} bytes in a file of ${source.size}`, {
    locus: 'header',
    offset: 4,
  })
  return undefined
}

function readModel(root: FlatTable, facts: Facts): void {
  for (const entry of root.tables('infoMap')) {
    const key = entry.string('key')?.toWellFormed() ?? ''
    facts.metadata({ key, type: 'string', value: entry.string('value')?.toWellFormed() ?? '' })
  }
  const trees = root.table('trees')
  facts.metadata({ key: 'formatVersion', type: 'string', value: root.string('formatVersion')?.toWellFormed() ?? '' })
  facts.metadata({ key: 'trees', type: 'integer', value: trees?.count('treeSizes') ?? 0 })
  const leaves = trees?.vector('leafValues')
  if (leaves === undefined) return
  const { at, count, width } = leaves
  const place = { file: facts.path, offset: at + HEAD_BYTES, length: count * width }
  facts.tensor({ name: 'leafValues', type: 'F64', shape: [count], ...place })
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'catboost', ANOMALIES)
  const size = readSize(request, facts)
  if (size === undefined) return facts.finish()
  const source = sliceSource(request.source, HEAD_BYTES, size)
  const flat = openFlat({ ...request, source }, facts, {
    schema: CATBOOST_SCHEMA,
    root: 'ModelCore',
    identified: false,
  })
  if (flat === undefined) return facts.finish()
  facts.claim('magic', 0, HEAD_BYTES)
  claimFlat(flat, facts, { base: HEAD_BYTES })
  readModel(flat.root, facts)
  readParts(request, facts, {
    parts: [...flat.root.strings('modelPartIds')].slice(0, MOST_PARTS),
    end: HEAD_BYTES + size,
  })
  return facts.finish()
}

/** What lies behind the trees. */
interface Parts {
  readonly parts: readonly string[]
  /** Where the trees end. */
  readonly end: number
}

function readParts(request: ReadRequest, facts: Facts, { parts, end }: Parts): void {
  const { size } = request.source
  if (end === size || parts.length === 0) return
  const left = parts.join() === CTR_PART ? readTables(request, facts, end) : end
  if (left !== end) return
  facts.claim('opaque', end, size)
  facts.leaveUnread(`the parts ${parts.join(', ').toWellFormed()}, which this version does not read`)
}

/** Tables of statistics of categorical features, each a FlatBuffer behind its size; where they end. */
function readTables(request: ReadRequest, facts: Facts, from: number): number | undefined {
  const { source } = request
  const cursor = new PageReader(source, { at: from })
  const count = cursor.remaining < 4 ? 0 : cursor.u32()
  facts.claim('index', from, cursor.at)
  for (let i = 0; i < count; i++) {
    const size = cursor.remaining < 4 ? 0 : cursor.u32()
    if (size === 0 || size > cursor.remaining)
      return noteOutside(facts, `table ${i} of ${count}, ${size} bytes`, cursor.at)
    const base = cursor.at
    facts.claim('index', base - 4, base)
    const part = { ...request, source: sliceSource(source, base, size) }
    const flat = openFlat(part, facts, { schema: CATBOOST_SCHEMA, root: 'CtrValueTable', identified: false })
    if (flat === undefined) return undefined
    claimFlat(flat, facts, { base })
    cursor.skip(size)
  }
  return cursor.at
}

function noteOutside(facts: Facts, what: string, offset: number): undefined {
  facts.anomalies.add('fbf-outside', `${what}, which the file does not have`, { locus: 'parts', offset })
  return undefined
}

/** See the module. */
export const catboostReader: FormatReader = {
  format: 'catboost',
  title: 'CatBoost model',
  version: 1,
  extensions: ['.cbm'],
  sniff: ({ path, head }) => {
    if (Buffer.from(head.subarray(0, 4)).toString('latin1') === MAGIC) return 'magic'
    return /\.cbm$/i.test(path) ? 'name' : null
  },
  read,
}
