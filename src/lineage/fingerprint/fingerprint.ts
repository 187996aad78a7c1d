/**
 * A fingerprint: what of a model's weights is enough to test kinship, and far too little to rebuild them.
 *
 * It holds digests of every tensor, short sketches of the matrices, the signs of a few numbers of a few hidden units of
 * each layer (the registration kit), the same of residual dimensions, and sketches of the norm gains. The draw of units,
 * coordinates and tokens is public and the same for all models, so that any two fingerprints meet, and the fixed-point
 * test between them is as exact as between weights: neighbours are sought among the drawn units alone.
 *
 * Guarantee: the same weights give the same fingerprint on every machine and with any number of threads.
 */
import type { MlpView } from '../weights/mlp.ts'
import type { Role } from '../weights/families/family.ts'

/** Digests and size of the parts of one role in one layer; the experts of a layer are one record. */
export interface TensorRecord {
  readonly role: Role
  readonly bias: boolean
  /** −1 outside layers. */
  readonly layer: number
  /** Parts that the record stands for: experts of a layer, or all tensors without a role. */
  readonly parts: number
  readonly type: string
  readonly rows: number
  readonly columns: number
  /** First 8 bytes of the SHA-256 of the stored bytes, and of the canonical bf16 codes, as hex. */
  readonly raw: string
  readonly canonical: string
  /** Root mean square, and share of exact zeros in 1/65535, both over a sample. */
  readonly rms: number
  readonly zeros: number
  /** Sign bits of the sketch; null for what is no matrix. */
  readonly sketch: Uint8Array | null
}

/** The drawn hidden units of one layer: for each unit the sign bits of each view in turn. */
export interface KitLayer {
  readonly layer: number
  readonly views: readonly MlpView[]
  /** Units × views × bitsPerView, each view on whole bytes. */
  readonly bits: Uint8Array
}

/** The registration kit. */
export interface UnitKit {
  /** Hidden units of the narrowest layer, from which `units` are drawn. */
  readonly width: number
  readonly units: number
  readonly inner: number
  /** Bits of each view of each unit, a multiple of 8. */
  readonly bitsPerView: number
  readonly layers: readonly KitLayer[]
}

/** The drawn residual dimensions as seen by one token matrix. */
export interface ResidualKit {
  readonly role: 'embedding' | 'head'
  /** Tokens of the matrix, from which `tokens` are drawn. */
  readonly vocabulary: number
  readonly tokens: number
  readonly dimensions: number
  /** Dimensions × tokens, each dimension on whole bytes. */
  readonly bits: Uint8Array
}

/** A sketch of the centred gains of one norm: 64 signed bytes. */
export interface GainSketch {
  readonly role: Role
  readonly bias: boolean
  readonly layer: number
  readonly sketch: Int8Array
}

/** See the module. */
export interface Fingerprint {
  readonly schema: 'tidewaiter/fingerprint/v1'
  /** The artefact's id. */
  readonly artefact: string
  /** Seed of all draws. */
  readonly seed: string
  readonly family: string
  /** As the configuration declares it. */
  readonly modelType: string | null
  /** Why there is nothing to compare; null when there is. */
  readonly insufficient: string | null
  /** Files that may hold weights and could not be read. */
  readonly unread: number
  /** Dimensions of the residual stream; 0 when unknown. */
  readonly width: number
  readonly layers: number
  /** Weight files, and the digest of the list of their digests. */
  readonly fileCount: number
  readonly files: string
  /** Digest over the full digests of all parts: commits to what the records cut short. */
  readonly root: string
  readonly records: readonly TensorRecord[]
  readonly kit: UnitKit | null
  readonly residual: readonly ResidualKit[]
  readonly gains: readonly GainSketch[]
}

/** Bytes that the kit may take; sketches and digests take their own. */
export const KIT_BYTES = 62_000
/** Units of the kit. */
export const KIT_UNITS = 64
/** Most bits of a view of a unit. */
export const MOST_BITS = 344
/** Drawn dimensions and tokens of a residual kit. */
export const RESIDUAL_DIMENSIONS = 64
/** See {@link RESIDUAL_DIMENSIONS}. */
export const RESIDUAL_TOKENS = 512
/** Buckets of a sketch of gains. */
export const GAIN_BUCKETS = 64
/** Largest fingerprint that is written or read. */
export const MOST_BYTES = 130_000
