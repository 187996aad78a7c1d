/**
 * Files that stand as values in an HDF5 file: a pickle in an attribute, an archive in a dataset of opaque bytes.
 *
 * Some libraries store objects in this way and unpickle them when they are read: PyTables and pandas every attribute
 * that looks like a pickle, others what they wrote as opaque bytes. Such a value is read as the file that it begins as.
 * Numbers are never looked at.
 */
import { memorySource } from '../memory-source.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Attribute } from './attributes.ts'
import type { Datatype } from './datatype.ts'
import type { Hdf5File } from './file.ts'
import { foreignFile } from './foreign.ts'
import type { ValueSource } from './values.ts'
import { rawText } from './values.ts'

const HEAD = 1100
const SHORTEST = 4
/** How a pickle of the oldest protocol may begin; it must end with a full stop. */
const OLD_PICKLE = /^(\([dlt]p?|\(?c[A-Za-z_][\w.]*\n|\(?i[A-Za-z_][\w.]*\n|\([SV])/

/** True for types whose bytes may be a file: text and opaque bytes. */
export function mayHoldFile({ kind }: Datatype): boolean {
  return kind === 'string' || kind === 'opaque'
}

function isOldPickle(head: Uint8Array, last: number | undefined): boolean {
  return last === 0x2e && OLD_PICKLE.test(Buffer.from(head).toString('latin1'))
}

function readAs(
  file: Hdf5File,
  value: { readonly name: string; readonly source: ByteSource; readonly at?: number },
): void {
  const { source } = value
  if (source.size < SHORTEST) return
  const head = new Uint8Array(source.read(0, Math.min(HEAD, source.size)))
  const title = foreignFile(head)
  const isPickle = title === 'a pickle' || isOldPickle(head, source.read(source.size - 1, 1)[0])
  if (isPickle) file.readMember({ ...value, format: 'pickle' })
  else if (title !== undefined && title !== 'a script') file.readMember(value)
}

/** Reads the value of an attribute as the file that it begins as, if it does. @throws Fault `h5-…`, `budget-…` */
export function readEmbeddedAttribute(source: ValueSource, path: string, attribute: Attribute): void {
  const { file } = source
  const raw = rawText(source, attribute)
  if (raw === undefined) return
  const used = raw.findLastIndex((byte) => byte !== 0) + 1
  readAs(file, { name: `${path}@${attribute.name}`, source: memorySource(raw.subarray(0, used), file.budget) })
}

/** Reads the bytes of a dataset as the file that they begin as, if they do. @throws Fault `budget-…` */
export function readEmbeddedDataset(
  file: Hdf5File,
  name: string,
  { at, source }: { readonly at: number; readonly source: ByteSource },
): void {
  readAs(file, { name, source, at })
}
