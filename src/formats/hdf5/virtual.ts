/**
 * Virtual datasets: the files from which their data come.
 *
 * Source: HDF5 File Format Specification 3.0, III.E (virtual dataset mapping), VIII.A (selections).
 */
import { ByteReader, mulChecked } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'

const [NONE, POINTS, HYPERSLABS, ALL] = [0, 1, 2, 3]
const MOST_RANK = 32
const REGULAR = 1
/** Flags of a mapping of version 1: its names stand in an earlier one, or it is about its own file. */
const [KNOWN_FILE, KNOWN_DATASET, SAME_FILE] = [1, 2, 4]
/** The name by which a virtual dataset means its own file. */
const THIS_FILE = '.'

/** Names of all files but its own that a mapping takes data from; undefined when it cannot be followed. */
export function virtualSources(file: Hdf5File, bytes: Uint8Array): readonly string[] | undefined {
  const reader = new ByteReader(bytes)
  const version = reader.u8()
  if (version > 1) return undefined
  const count = file.length(reader)
  const names = new Set<string>()
  for (let i = 0; i < count; i++) {
    file.budget.spendItems()
    const flags = version === 0 ? 0 : reader.u8()
    if ((flags & SAME_FILE) === 0) names.add(readName(file, reader, (flags & KNOWN_FILE) !== 0) ?? THIS_FILE)
    readName(file, reader, (flags & KNOWN_DATASET) !== 0)
    skipSelection(reader)
    skipSelection(reader)
  }
  names.delete(THIS_FILE)
  return [...names]
}

/** A name, or undefined where only the number of an earlier mapping with the same name stands. */
function readName(file: Hdf5File, reader: ByteReader, isKnown: boolean): string | undefined {
  if (!isKnown) return readText(reader)
  file.length(reader)
  return undefined
}

function readText(reader: ByteReader): string {
  const bytes: number[] = []
  for (let byte = reader.u8(); byte !== 0; byte = reader.u8()) bytes.push(byte)
  return Buffer.from(bytes).toString('utf8')
}

function skipSelection(reader: ByteReader): void {
  const [type, version] = [reader.u32(), reader.u32()]
  if (type === NONE || type === ALL) return reader.skip(8)
  if ((type !== POINTS && type !== HYPERSLABS) || version < 1 || version > 3)
    throw stop('h5-unsupported', `a selection of type ${type}, version ${version}`)
  if (version === 1) return skipSized(reader, 4)
  if (type === POINTS) return skipNumbers(reader, reader.u8(), (rank, count) => rank * count())
  if (version === 2) return skipSized(reader, 1)
  const isRegular = (reader.u8() & REGULAR) !== 0
  skipNumbers(reader, reader.u8(), (rank, count) => rank * (isRegular ? 4 : 2 * count()))
}

/** A selection that says how long it is, behind `before` bytes. */
function skipSized(reader: ByteReader, before: number): void {
  reader.skip(before)
  reader.skip(reader.u32())
}

/** A selection of numbers of `width` bytes, as many as rank and, where it stands there, a count come to. */
function skipNumbers(reader: ByteReader, width: number, numbers: (rank: number, count: () => number) => number): void {
  const rank = reader.u32()
  if (rank > MOST_RANK || ![2, 4, 8].includes(width)) throw stop('h5-structure', `a selection of ${rank} dimensions`)
  reader.skip(
    mulChecked(
      numbers(rank, () => readNumber(reader, width)),
      width,
    ),
  )
}
