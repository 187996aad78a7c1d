/**
 * Which of the recognised formats is it?
 *
 * Signatures go before structures and structures before names; among equals the table decides, in which the special
 * stands before the general. So of all formats in the table at most one answers for a file.
 */
import type { Confidence, Glimpse } from '../reader.ts'
import { ARCHIVE_FORMATS } from './archive-formats.ts'
import { DATA_FORMATS } from './data-formats.ts'
import { FRAMEWORK_FORMATS } from './framework-formats.ts'
import { MODEL_FORMATS } from './model-formats.ts'
import { PROGRAM_FORMATS } from './program-formats.ts'
import type { RecognisedFormat } from './recognised-format.ts'
import { ZIP_FORMATS } from './zip-formats.ts'

/** All formats that are recognised and not read. */
export const RECOGNISED_FORMATS: readonly RecognisedFormat[] = [
  ...ZIP_FORMATS,
  ...ARCHIVE_FORMATS,
  ...PROGRAM_FORMATS,
  ...FRAMEWORK_FORMATS,
  ...MODEL_FORMATS,
  ...DATA_FORMATS,
]

/** What head and tail show. */
export interface Recognition {
  readonly format: RecognisedFormat
  readonly confidence: Exclude<Confidence, null>
}

const known = new WeakMap<Glimpse, readonly Recognition[]>()

/** Endings that several formats share: they fit a file that is recognised and never say alone what it is. */
const SHARED: ReadonlySet<string> = new Set([
  '.json',
  '.txt',
  '.xml',
  '.bin',
  '.model',
  '.pkl',
  '.dat',
  '.cfg',
  '.com',
  '.tar',
  '.html',
  '.htm',
  '.svg',
  '.lua',
  '.vocab',
  '.db',
  '.net',
  '.package',
  '.zip',
])

function isNamedAs({ extensions }: RecognisedFormat, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const telling = extensions.filter((ending) => !SHARED.has(ending))
  return telling.some((ending) => (ending.startsWith('.') ? name.toLowerCase().endsWith(ending) : name === ending))
}

function atHead(glimpse: Glimpse): Recognition | undefined {
  const magic = RECOGNISED_FORMATS.find((format) => format.magic?.(glimpse))
  if (magic !== undefined) return { format: magic, confidence: 'magic' }
  const structure = RECOGNISED_FORMATS.find((format) => format.structure?.(glimpse))
  if (structure !== undefined) return { format: structure, confidence: 'structure' }
  const named = RECOGNISED_FORMATS.find((format) => isNamedAs(format, glimpse.path))
  return named === undefined ? undefined : { format: named, confidence: 'name' }
}

/** The format that answers for a file, if there is one. */
export function recognise(glimpse: Glimpse): readonly Recognition[] {
  const before = known.get(glimpse)
  if (before !== undefined) return before
  const head = atHead(glimpse)
  const found: readonly Recognition[] = head === undefined ? [] : [head]
  known.set(glimpse, found)
  return found
}
