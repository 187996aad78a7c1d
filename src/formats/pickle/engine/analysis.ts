/**
 * What the proof engine is told and what it answers, for the reader of pickles and for readers of formats that hold
 * some: torch archives, NumPy files, joblib.
 *
 * Plain data. The engine never throws for what a stream says: what is wrong with it is an anomaly and a verdict.
 */
import type { Anomaly, OpcodeFact, ReferenceFact, TensorType } from '../../facts.ts'
import type { PickleProof } from '../proof.ts'

/** How the stream is embedded, which decides what its persistent ids and raw bytes may be. */
export interface PickleContext {
  /** Persistent ids: none allowed, or torch's storage tuple `('storage', class, key, location, numel[, view])`. */
  readonly persistent: 'none' | 'torch'
  /** Bytes of the record of a storage key; undefined when there is none. Absent: the sizes are not checked here. */
  readonly storageBytes?: (key: string) => number | undefined
  /** joblib: raw array bytes follow the opcode that builds a `NumpyArrayWrapper`; they are passed over and reported. */
  readonly rawArrays?: 'joblib'
  /** Names below `__torch__` are types of the archive's own TorchScript, which no Python import resolves. */
  readonly names?: 'torchscript'
  /** First byte that does not belong to the stream; the end of the source unless told. */
  readonly to?: number
  /** Where the stream stands, for messages and proofs: `stream 0` unless told. */
  readonly locus?: string
}

/** A torch storage that a persistent id names. */
export interface PickleStorage {
  readonly key: string
  /** Name of its class, as `FloatStorage`. */
  readonly type: string
  readonly elements: number
}

/** A torch tensor that the stream rebuilds. */
export interface PickleTensor {
  /** Path in the result, joined by dots, as a state dict has it. */
  readonly name: string
  /** Key of its storage. */
  readonly storage: string
  readonly type: TensorType
  readonly shape: readonly number[]
  /** Elements between neighbours, for each dimension. */
  readonly strides: readonly number[]
  /** Elements before the first one within the storage. */
  readonly offset: number
  readonly requiresGrad?: boolean
}

/** A NumPy array whose bytes stand in the source as they are. */
export interface PickleArray {
  readonly name: string
  readonly type: TensorType
  readonly shape: readonly number[]
  readonly order: 'C' | 'F'
  /** First byte in the source. */
  readonly at: number
  readonly length: number
  readonly bigEndian?: boolean
}

/** proved: inert by the core policy; proved-under: by a library's; unproved: not shown; hostile: known danger or form. */
export type PickleVerdict = 'proved' | 'proved-under' | 'unproved' | 'hostile'

/** A range [from, to) of the source. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** What a stream came to. */
export interface PickleAnalysis {
  /** First byte after STOP, or where the stream broke. */
  readonly end: number
  /** Whether STOP was read. */
  readonly stopped: boolean
  /** Protocol that the stream declares; 0 when it declares none. */
  readonly protocol: number
  readonly verdict: PickleVerdict
  /** What was shown, or the first opcode at which it could not be; plain JSON. */
  readonly proof: PickleProof
  readonly anomalies: readonly Anomaly[]
  /** Each global once, with the opcode that names it first. */
  readonly references: readonly ReferenceFact[]
  readonly opcodes: { readonly count: number; readonly listed: readonly OpcodeFact[] }
  /** Torch storages that persistent ids name, in the order of the stream; one may be named often. */
  readonly storages: readonly PickleStorage[]
  /** Torch tensors that the result holds, at most a million. */
  readonly tensors: readonly PickleTensor[]
  /** NumPy arrays with their bytes in the stream or behind it. */
  readonly arrays: readonly PickleArray[]
  /** Ranges that are array data, in order, for claims. */
  readonly raw: readonly ByteRange[]
}
