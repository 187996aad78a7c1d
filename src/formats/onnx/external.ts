/**
 * Tensors whose data lies in another file: where it says that is, and whether it may.
 *
 * A loader joins the location to the folder of the model and reads; a location with `..`, a root or a drive reads any
 * file of the machine, and the special location of ONNX Runtime any address of its memory.
 * Source: ONNX external data; CVE-2022-25882, CVE-2024-27318, CVE-2025-51480, GHSA-538c-55jv-c5g9.
 */
import type { TensorFact } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { Place } from '../protobuf/walker.ts'
import type { OnnxAnomaly } from './anomalies.ts'
import type { ExternalRange, OnnxContext } from './context.ts'

const KEYS: ReadonlySet<string> = new Set(['location', 'offset', 'length', 'checksum', 'basepath'])
/** Initialisers that ONNX Runtime packed for one processor and kept beside the weights. */
const PREPACKED = /^prepacked_\d{1,9}$/
const MEMORY = '_ORT_MEM_ADDR_'
const ESCAPES = /^[/\\~]|^[A-Za-z][A-Za-z\d+.-]*:|\\|(?:^|\/)\.\.(?:\/|$)|\0/

/** Entries of `external_data`, as they stand. */
export type ExternalEntries = readonly (readonly [key: string, value: string])[]

/** What a tensor is, beside where it lies. */
export interface ExternalTensor {
  readonly entries: ExternalEntries
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
  /** Bytes that shape and type give. */
  readonly length: number
  readonly place: Place
}

type Noting = (code: OnnxAnomaly, message: string) => void

function resolve(model: string, location: string): string {
  const folder = model.slice(0, model.lastIndexOf('/') + 1)
  const steps = location.split('/').filter((step) => step !== '' && step !== '.')
  return folder + steps.join('/')
}

function readNumber(text: string | undefined, key: string, say: Noting): number | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  say('onx-external-number', `has the ${key} ${quoteName(text)}, no decimal number below 2^53`)
  return undefined
}

function checkKeys(entries: ExternalEntries, say: Noting): void {
  const seen = new Set<string>()
  for (const [key] of entries) {
    if (!KEYS.has(key) && !PREPACKED.test(key)) say('onx-external-key', `has the unknown key ${quoteName(key)}`)
    if (seen.has(key)) say('onx-external-key', `has the key ${quoteName(key)} twice`)
    seen.add(key)
  }
}

function checkLocation(location: string | undefined, say: Noting): boolean {
  if (location === undefined || location === '') {
    say('onx-external-number', 'has no location')
    return false
  }
  if (location.includes(MEMORY)) {
    say('onx-memory-address', `lies at ${quoteName(location)}, an address in the memory of the loader`)
    return false
  }
  if (!ESCAPES.test(location)) return true
  say('onx-path-escape', `lies in ${quoteName(location)}, outside the folder of the model`)
  return false
}

function toFact(context: OnnxContext, tensor: ExternalTensor, { file, from }: ExternalRange): TensorFact {
  const { name, type, shape, length } = tensor
  const fact = { name, type, shape, file, offset: from, length }
  if (context.depth === 0) return fact
  return { ...fact, file: context.walker.path, offset: 0, packed: 'external' }
}

/** Reads where a tensor lies, and adds it to the table when its place is one that it may have. */
export function readExternal(context: OnnxContext, tensor: ExternalTensor): void {
  const { entries, name, length, place } = tensor
  const locus = `tensor ${quoteName(name)}`
  const say: Noting = (code, message) => context.note(code, `${locus} ${message}`, { locus, ...place })
  const values = new Map(entries)
  const location = values.get('location')
  checkKeys(entries, say)
  const isInside = checkLocation(location, say)
  if (location !== undefined) context.facts.reference({ kind: 'path', target: location.slice(0, 4096), locus })
  const from = readNumber(values.get('offset'), 'offset', say) ?? 0
  const declared = readNumber(values.get('length'), 'length', say)
  if (declared !== undefined && declared !== length)
    say('onx-external-size', `declares ${declared} bytes, its shape and type give ${length}`)
  if (!isInside || location === undefined) return
  const file = resolve(context.walker.path, location)
  const range = { file, from, to: from + length, name }
  context.external.push(range)
  context.facts.tensor(toFact(context, tensor, range))
}

/** Notes tensors that share a part of their bytes; the same bytes twice are a shared weight. */
export function checkOverlaps(context: OnnxContext): void {
  const byFile = Map.groupBy(context.external, ({ file }) => file)
  for (const ranges of byFile.values()) {
    const sorted = ranges.filter(({ from, to }) => to > from).toSorted((a, b) => a.from - b.from || a.to - b.to)
    let widest = sorted[0]
    for (const range of sorted.slice(1)) {
      const isSame = widest?.from === range.from && widest.to === range.to
      if (widest !== undefined && range.from < widest.to && !isSame) {
        const message = `${quoteName(range.name)} begins at ${range.from}, within ${quoteName(widest.name)} that ends at ${widest.to} of ${quoteName(range.file)}`
        context.facts.anomalies.add('onx-external-overlap', message, { locus: `tensor ${quoteName(range.name)}` })
      }
      if (widest === undefined || range.to > widest.to) widest = range
    }
  }
}
