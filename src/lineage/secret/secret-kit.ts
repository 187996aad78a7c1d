/**
 * A secret kit: what a vendor registers of a model that nobody else may see.
 *
 * It holds the signs of a few numbers of a few hidden units, keyed sketches and keyed digests of the matrices, and the
 * root of a tree of salted hashes over all tensors. Which units, coordinates, rows and signs were taken is decided by a
 * key that the registry issues, and all bits are masked under it (`mask-kit.ts`): without the key nothing in the kit can
 * be held against a model. There are no names, no
 * types, no plain digests and no norm gains in it: of the model it says width, depth and which matrices there are.
 *
 * The file is canonical JSON of at most 130,000 bytes; one kit has one sequence of bytes.
 * Guarantee: `decodeKit` throws nothing but `Fault` and accepts only what `encodeKit` writes.
 */
import { z } from 'zod'
import { canonicalJson, Fault, toFault } from '../../base/index.ts'
import {
  KIT_UNITS,
  MOST_BITS,
  RESIDUAL_DIMENSIONS,
  RESIDUAL_TOKENS,
  type ResidualKit,
  type UnitKit,
} from '../fingerprint/fingerprint.ts'
import type { Role } from '../weights/families/family.ts'
import type { MlpView } from '../weights/mlp.ts'
import { PLACE_BITS, SKETCHED_ROLES } from './keyed-sketch.ts'

/** Largest kit that is written or read. */
export const MOST_KIT_BYTES = 130_000
/** Matrices of which sketch and mark are kept. */
export const MOST_PLACES = 600
/** Bytes of a mark. */
export const MARK_BYTES = 8

/** One matrix, by its layer (−1 outside layers) and role. */
export interface KitPlace {
  readonly layer: number
  readonly role: Role
  /** Signs of its sketch, 8 bytes; all zero where none is made. */
  readonly sketch: Uint8Array
  /** Keyed digest of its values, 8 bytes. */
  readonly mark: Uint8Array
}

/** See the module. */
export interface SecretKit {
  readonly schema: 'tidewaiter/secret-kit/v1'
  /** Commitment to the key of this registration. */
  readonly key: string
  /** Commitment to the key that all kits of a registry share; null when the kit was made without. */
  readonly panelKey: string | null
  /** Dimensions of the residual stream, 0 when unknown; and layers. */
  readonly width: number
  readonly depth: number
  readonly units: UnitKit | null
  /** Signs under the shared key, by which kits are compared with each other. */
  readonly panel: UnitKit | null
  readonly residual: readonly ResidualKit[]
  readonly places: readonly KitPlace[]
  /** Root of the salted tree, hex, and its leaves. */
  readonly root: string
  readonly leaves: number
}

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const size = z
  .int()
  .min(1)
  .max(2 ** 31)
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const layerNumber = z.int().min(-1).max(1023)
const VIEW_LISTS = ['down', 'gate', 'up', 'down,gate', 'down,up', 'gate,up', 'down,gate,up'] as const

const unitsSchema = z
  .strictObject({
    width: size,
    units: z.int().min(1).max(KIT_UNITS),
    inner: size,
    bitsPerView: z.int().min(8).max(MOST_BITS).multipleOf(8),
    layers: z.array(z.tuple([layerNumber, z.enum(VIEW_LISTS)])).max(1024),
    bits: base64,
  })
  .nullable()

const kitSchema = z.strictObject({
  schema: z.literal('tidewaiter/secret-kit/v1'),
  key: hex64,
  panelKey: hex64.nullable(),
  width: z
    .int()
    .min(0)
    .max(2 ** 31),
  depth: z.int().min(0).max(1024),
  units: unitsSchema,
  panel: unitsSchema,
  residual: z
    .array(
      z.strictObject({
        role: z.enum(['embedding', 'head']),
        vocabulary: size,
        tokens: z.int().min(1).max(RESIDUAL_TOKENS),
        dimensions: z.int().min(1).max(RESIDUAL_DIMENSIONS),
        bits: base64,
      }),
    )
    .max(2),
  places: z.array(z.tuple([layerNumber, z.enum(SKETCHED_ROLES)])).max(MOST_PLACES),
  sketches: base64,
  marks: base64,
  root: hex64,
  leaves: z.int().min(1).max(200_001),
})

type KitFile = z.infer<typeof kitSchema>

function toBase64(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('base64')
}

function writeUnits(kit: UnitKit | null): KitFile['units'] {
  if (kit === null) return null
  const { layers, ...plain } = kit
  return {
    ...plain,
    layers: layers.map(({ layer, views }) => [layer, views.join() as (typeof VIEW_LISTS)[number]]),
    bits: toBase64(layers.map(({ bits }) => bits)),
  }
}

const NO_SKETCH = new Uint8Array(PLACE_BITS / 8)

/** The bytes of a kit. @throws Fault `kit-too-large` above {@link MOST_KIT_BYTES} */
export function encodeKit(kit: SecretKit): Uint8Array {
  const file = {
    ...kit,
    units: writeUnits(kit.units),
    panel: writeUnits(kit.panel),
    residual: kit.residual.map((each) => ({ ...each, bits: toBase64([each.bits]) })),
    places: kit.places.map(({ layer, role }) => [layer, role]),
    sketches: toBase64(kit.places.map(({ sketch }) => sketch)),
    marks: toBase64(kit.places.map(({ mark }) => mark)),
  }
  const bytes = new TextEncoder().encode(canonicalJson(file))
  if (bytes.length > MOST_KIT_BYTES)
    throw new Fault('kit-too-large', `${bytes.length} bytes; a kit has at most ${MOST_KIT_BYTES}`)
  return bytes
}

/** Cuts a text of base64 into pieces of the given lengths that must use it up. */
function cut(text: string, lengths: readonly number[], what: string): Uint8Array[] {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  if (bytes.length !== total) throw new Fault('bad-kit', `${what} have ${bytes.length} bytes, not ${total}`)
  let at = 0
  return lengths.map((length) => bytes.slice(at, (at += length)))
}

function readUnits(file: KitFile['units'], what: string): UnitKit | null {
  if (file === null) return null
  const { layers, bits, ...plain } = file
  const views = layers.map(([, list]) => list.split(',') as MlpView[])
  const lengths = views.map((list) => (plain.units * list.length * plain.bitsPerView) / 8)
  const pieces = cut(bits, lengths, what)
  return {
    ...plain,
    layers: layers.map(([layer], i) => ({ layer, views: views[i] ?? [], bits: pieces[i] ?? new Uint8Array(0) })),
  }
}

function readPlaces({ places, sketches, marks }: KitFile): KitPlace[] {
  const every = <T>(value: T): T[] => places.map(() => value)
  const signs = cut(sketches, every(NO_SKETCH.length), 'sketches')
  const digests = cut(marks, every(MARK_BYTES), 'marks')
  return places.map(([layer, role], i) => ({
    layer,
    role,
    sketch: signs[i] ?? NO_SKETCH,
    mark: digests[i] ?? NO_SKETCH,
  }))
}

function fromFile(file: KitFile): SecretKit {
  const { sketches: _sketches, marks: _marks, ...plain } = file
  const residual = file.residual.map((each) => {
    const [bits = NO_SKETCH] = cut(each.bits, [each.dimensions * Math.ceil(each.tokens / 8)], 'residual signs')
    return { ...each, bits }
  })
  const units = readUnits(file.units, 'unit signs')
  return { ...plain, units, panel: readUnits(file.panel, 'panel signs'), residual, places: readPlaces(file) }
}

/** Reads a kit. @throws Fault `bad-kit` for anything that `encodeKit` would not have written */
export function decodeKit(bytes: Uint8Array): SecretKit {
  if (bytes.length > MOST_KIT_BYTES) throw new Fault('bad-kit', `${bytes.length} bytes; at most ${MOST_KIT_BYTES}`)
  try {
    const kit = fromFile(kitSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))))
    if (Buffer.compare(encodeKit(kit), bytes) === 0) return kit
    throw new Fault('bad-kit', 'not in canonical form')
  } catch (thrown) {
    const fault = toFault(thrown, 'bad-kit')
    throw fault.code === 'bad-kit' ? fault : new Fault('bad-kit', fault.message, { cause: thrown })
  }
}
