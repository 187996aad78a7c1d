/**
 * Reads a pickle file stream by stream, proving what can be proved.
 *
 * A file may hold several streams one after another; each that follows is analysed as well when it ends with STOP or
 * begins with PROTO, since a loader that is called again would load it. Nothing is executed. The reading is `full` when
 * every stream is proved and nothing else is in the file, else `listed`.
 */
import { AnomalyList } from '../anomaly-list.ts'
import type { Claim, FileFacts, MetadataFact, OpcodeFact, ReferenceFact, TensorFact } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type PickleAnomaly } from './anomalies.ts'
import { analysePickle, type PickleAnalysis, type PickleArray, type PickleContext } from './engine/index.ts'
import { noteOtherReading } from './loaders.ts'
import { findStop } from './nested.ts'
import type { PickleProof } from './proof.ts'
import { isComputedMagic, isLegacyTorch, TORCH_OBJECT, TORCH_STREAMS } from './torch-legacy.ts'

const PROTO = 0x80
const MOST_STREAMS = 1024
const MOST_LISTED = 10_000
const MOST_REFERENCES = 10_000

class PickleFile {
  readonly request: ReadRequest
  readonly torch: boolean
  readonly anomalies = new AnomalyList<PickleAnomaly>(ANOMALIES)
  readonly claims: Claim[] = []
  readonly tensors: TensorFact[] = []
  readonly references = new Map<string, ReferenceFact>()
  opcodes: readonly OpcodeFact[] = []
  readonly proofs: PickleProof[] = []
  count = 0
  protocol = 0

  constructor(request: ReadRequest) {
    this.request = request
    this.torch = isLegacyTorch(request.source)
  }

  /** Analyses the stream at `from`; gives where it ended, or undefined where it broke. */
  take(from: number): number | undefined {
    const number = this.proofs.length
    const context = this.#contextOf(number)
    const analysis = analysePickle(this.request, from, context)
    if (number === 0) this.protocol = analysis.protocol
    const others = analysis.raw.length > 0 ? noteOtherReading(this.request, from, context) : []
    for (const { code, message, locus, ...place } of [...analysis.anomalies, ...others])
      this.anomalies.add(code as PickleAnomaly, message, { locus: placeIn(number, locus), ...place })
    for (const reference of analysis.references) {
      if (this.references.size < MOST_REFERENCES && !this.references.has(reference.target))
        this.references.set(reference.target, { ...reference, locus: placeIn(number, reference.locus) })
    }
    this.#list(analysis.opcodes.listed)
    this.count += analysis.opcodes.count
    this.proofs.push(analysis.proof)
    this.#claim(from, number, analysis)
    for (const array of analysis.arrays) this.tensors.push(this.#toTensor(array))
    return analysis.stopped ? analysis.end : undefined
  }

  /** As a rule there is one stream, whose list is taken as it is. */
  #list(listed: readonly OpcodeFact[]): void {
    const room = MOST_LISTED - this.opcodes.length
    if (this.opcodes.length === 0 && listed.length <= room) this.opcodes = listed
    else if (room > 0) this.opcodes = [...this.opcodes, ...listed.slice(0, room)]
  }

  #contextOf(number: number): PickleContext {
    const locus = `stream ${number}`
    if (!this.torch) return { persistent: 'none', rawArrays: 'joblib', locus }
    return { persistent: number === TORCH_OBJECT ? 'torch' : 'none', locus }
  }

  #claim(from: number, number: number, { end, raw }: PickleAnalysis): void {
    let at = from
    const code = (to: number): void => {
      if (at < to) this.claims.push({ from: at, to, role: 'code', name: `stream ${number}` })
    }
    for (const range of raw) {
      if (range.from < at || range.to > end) continue
      code(range.from)
      this.claims.push({ ...range, role: 'tensor' })
      at = range.to
    }
    code(end)
  }

  #toTensor({ name, type, shape, order, at, length, bigEndian }: PickleArray): TensorFact {
    return {
      name: name === '' ? 'array' : name,
      type,
      shape,
      file: this.request.path,
      offset: at,
      length,
      ...(bigEndian === true ? { bigEndian } : {}),
      ...(order === 'F' && shape.length > 1 ? { packed: 'strided' } : {}),
    }
  }

  /** Why the file is not proved as a whole; undefined when it is. */
  get doubt(): string | undefined {
    const open = this.proofs.find(({ failing, verdict }) => failing !== undefined || !verdict.startsWith('proved'))
    if (open === undefined) return this.claims.some(({ role }) => role === 'opaque') ? 'storages follow' : undefined
    const { failing, locus } = open
    if (failing === undefined) return `unproved: ${locus} is not of the canonical form`
    const { op, name, offset, value, reason } = failing
    return `unproved: ${locus}, op ${op} (${name} at ${offset}), ${value}: ${reason}`.slice(0, 1000)
  }
}

function placeIn(number: number, locus: string): string {
  return number === 0 ? locus : `stream ${number}, ${locus}`
}

/** Reads the streams of a file. @throws Fault `budget-…` */
export function readPickle(request: ReadRequest): FileFacts {
  const file = new PickleFile(request)
  const rest = readAll(file)
  const { anomalies, opcodes, proofs } = file
  const doubt = file.doubt ?? rest
  return {
    path: request.path,
    size: request.source.size,
    format: 'pickle',
    ...(doubt === undefined ? { reading: 'full' } : { reading: 'listed', reason: doubt }),
    tensors: file.tensors,
    metadata: describe(file),
    references: [...file.references.values()],
    claims: file.claims,
    anomalies: anomalies.toArray(),
    opcodes: { count: file.count, listed: opcodes },
    proofs,
  }
}

function describe({ protocol, proofs, torch }: PickleFile): MetadataFact[] {
  const facts: MetadataFact[] = [
    { key: 'pickle.protocol', type: 'u8', value: protocol },
    { key: 'pickle.streams', type: 'u32', value: proofs.length },
  ]
  return torch ? [...facts, { key: 'pickle.container', type: 'string', value: 'torch-legacy' }] : facts
}

/** Takes one stream after the other; gives where the last one ended, or undefined where it broke. */
function takeAll(file: PickleFile): number | undefined {
  const { source } = file.request
  const most = file.torch ? TORCH_STREAMS : MOST_STREAMS
  let at = file.take(0)
  while (at !== undefined && at < source.size && file.proofs.length < most) {
    const from = at
    if (source.read(from, 1)[0] !== PROTO && findStop(source, from) === undefined) break
    at = file.take(from)
  }
  return at
}

/** Reads every stream; says why there is more in the file than that, when there is. */
function readAll(file: PickleFile): string | undefined {
  const { size } = file.request.source
  const at = takeAll(file)
  if (at !== undefined && at < size) noteRest(file, at)
  noteMagic(file)
  const expected = file.torch ? TORCH_STREAMS : 1
  if (file.proofs.length === expected) return at === size ? undefined : 'bytes follow STOP'
  const message = `${file.proofs.length} streams in one file; ${expected} expected`
  file.anomalies.add('pkl-streams', message, { locus: 'file' })
  return message
}

function noteMagic(file: PickleFile): void {
  const second = file.proofs[1]
  if (file.torch || second === undefined || !isComputedMagic(file.request.source, second)) return
  const message = 'the file is that of an old torch, and its magic number is not written as a number'
  file.anomalies.add('pkl-magic', message, { locus: 'stream 0', offset: 0, length: second.from })
}

function noteRest({ request, torch, proofs, claims, anomalies }: PickleFile, at: number): void {
  const { size } = request.source
  if (torch && proofs.length === TORCH_STREAMS) claims.push({ from: at, to: size, role: 'opaque', name: 'storages' })
  else
    anomalies.add('pkl-after-stop', `${size - at} bytes follow STOP at ${at - 1}`, {
      locus: 'file',
      offset: at,
      length: size - at,
    })
}
