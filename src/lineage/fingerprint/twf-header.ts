/**
 * The header of a fingerprint file: everything that is a word or a count.
 *
 * Guarantee: `parseHeader` gives a header whose every count is bounded, or throws `Fault` `bad-fingerprint`; names in
 * it came from an artefact and are only ever values.
 */
import { z } from 'zod'
import { Fault } from '../../base/index.ts'
import {
  GAIN_BUCKETS,
  KIT_UNITS,
  MOST_BITS,
  RESIDUAL_DIMENSIONS,
  RESIDUAL_TOKENS,
  type Fingerprint,
} from './fingerprint.ts'

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const count = (most: number): z.ZodInt => z.int().min(0).max(most)
const size = z
  .int()
  .min(1)
  .max(2 ** 31)

const headerSchema = z.strictObject({
  schema: z.literal('tidewaiter/fingerprint/v1'),
  artefact: z.string().min(1).max(256),
  seed: hex64,
  family: z.string().max(64),
  modelType: z.string().max(256).nullable(),
  insufficient: z.string().max(1024).nullable(),
  unread: count(1_000_000),
  width: count(2 ** 31),
  layers: count(1024),
  fileCount: count(1_000_000),
  files: hex64,
  root: hex64,
  records: count(4000),
  sketchBits: z.union([z.literal(0), z.literal(32), z.literal(64), z.literal(128), z.literal(256)]),
  types: z.array(z.string().max(32)).max(64),
  shapes: z.array(z.tuple([size, size])).max(4000),
  kit: z
    .strictObject({
      width: size,
      units: z.int().min(1).max(KIT_UNITS),
      inner: size,
      bitsPerView: z.int().min(8).max(MOST_BITS).multipleOf(8),
      layers: count(1024),
    })
    .nullable(),
  residual: z
    .array(
      z.strictObject({
        role: z.enum(['embedding', 'head']),
        vocabulary: size,
        tokens: z.int().min(1).max(RESIDUAL_TOKENS),
        dimensions: z.int().min(1).max(RESIDUAL_DIMENSIONS),
      }),
    )
    .max(2),
  gains: count(4000),
  gainBuckets: z.literal(GAIN_BUCKETS),
})

/** See the module. */
export type Header = z.infer<typeof headerSchema>

/** Distinct values in the order of their first appearance. */
function distinct<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()]
}

/** The header of a fingerprint. */
export function headerOf(fingerprint: Fingerprint): Header {
  const { records, kit, residual, gains, ...plain } = fingerprint
  const shapes = distinct(
    records.map(({ rows, columns }): [number, number] => [rows, columns]),
    String,
  )
  const sketched = records.find(({ sketch }) => sketch !== null)?.sketch
  return {
    ...plain,
    records: records.length,
    sketchBits: (8 * (sketched?.length ?? 0)) as Header['sketchBits'],
    types: distinct(
      records.map(({ type }) => type),
      String,
    ),
    shapes,
    kit: kit === null ? null : { ...withoutBits(kit), layers: kit.layers.length },
    residual: residual.map(({ bits: _bits, ...each }) => each),
    gains: gains.length,
    gainBuckets: GAIN_BUCKETS,
  }
}

function withoutBits<T extends { readonly layers: readonly unknown[] }>({
  layers: _layers,
  ...rest
}: T): Omit<T, 'layers'> {
  return rest
}

/** Parses the header. @throws Fault `bad-fingerprint` */
export function parseHeader(text: string): Header {
  const parsed = headerSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Fault('bad-fingerprint', `header ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`)
}
