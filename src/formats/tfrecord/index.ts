/**
 * TFRecord files, also those in which TensorBoard keeps its events: records of length, check sum, content, check sum.
 *
 * Records are messages of numbers, texts and images, which nothing executes; they are counted and held against their
 * check sums, and not decoded. A long record is passed over without its check sum.
 *
 * Source: TensorFlow, "TFRecord and tf.train.Example".
 */
import { isFault, toSize } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { baseName } from '../glimpse.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { maskedCrc32c } from '../tf-checkpoint/crc32c.ts'
import { ANOMALIES, type TfrecordAnomaly } from './anomalies.ts'

const LENGTH_BYTES = 8
const SUM_BYTES = 4
/** Records of more bytes are passed over. */
const LONGEST_CHECKED = 64 * 1024

type Facts = FactCollector<TfrecordAnomaly>

function checkSum(cursor: PageReader, sum: number, facts: Facts): void {
  const at = cursor.at
  if (cursor.u32() === sum) return
  facts.anomalies.add('tfr-check-sum', `another check sum at ${at}`, { locus: 'record', offset: at })
}

/** Takes one record. @throws Fault `truncated`, `size-overflow` */
function takeRecord(cursor: PageReader, facts: Facts): void {
  const head = Uint8Array.from(cursor.view(LENGTH_BYTES))
  checkSum(cursor, maskedCrc32c(head), facts)
  const length = toSize(Buffer.from(head).readBigUInt64LE(0))
  if (length > LONGEST_CHECKED) {
    cursor.skip(length)
    return cursor.skip(SUM_BYTES)
  }
  checkSum(cursor, maskedCrc32c(Uint8Array.from(cursor.view(length))), facts)
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'tfrecord', ANOMALIES)
  const cursor = new PageReader(request.source)
  let count = 0
  let end = 0
  try {
    while (cursor.remaining > 0) {
      request.budget.spendItems()
      takeRecord(cursor, facts)
      count += 1
      end = cursor.at
    }
  } catch (thrown) {
    if (!isFault(thrown) || (thrown.code !== 'truncated' && thrown.code !== 'size-overflow')) throw thrown
    facts.anomalies.add('tfr-length', thrown.message, { locus: `record ${count}`, offset: end })
  }
  facts.claim('opaque', 0, end)
  facts.metadata({ key: 'records', type: 'integer', value: count })
  return facts.finish()
}

/** The head is a length with its right check sum: no other file begins so. */
function beginsWithRecord({ head, size }: Glimpse): boolean {
  if (head.length < LENGTH_BYTES + SUM_BYTES) return false
  const bytes = Buffer.from(head.subarray(0, LENGTH_BYTES + SUM_BYTES))
  const isPossible = bytes.readBigUInt64LE(0) <= BigInt(size)
  return isPossible && bytes.readUInt32LE(LENGTH_BYTES) === maskedCrc32c(bytes.subarray(0, LENGTH_BYTES))
}

/** See the module. */
export const tfrecordReader: FormatReader = {
  format: 'tfrecord',
  title: 'TFRecord',
  version: 1,
  extensions: ['.tfrecord', '.tfrecords'],
  sniff: (glimpse) => {
    if (beginsWithRecord(glimpse)) return 'magic'
    return /\.tfrecords?$|\.tfevents\./.test(baseName(glimpse.path)) ? 'name' : null
  },
  read,
}
