/**
 * Reads an exhibit that anybody may have written.
 *
 * Guarantee: what comes back has the form of `exhibit.schema.json`, every role once a layer, lists as long as each other
 * where they belong together, and a rotation of as many numbers as it says. Whether they fit the models is for
 * `check-exhibit.ts` to see.
 */
import { z } from 'zod'
import { Fault } from '../../base/index.ts'
import { EXHIBIT_ROLES, type Exhibit, type ExhibitHeads, type ExhibitLayer, type ExhibitMatrix } from './exhibit.ts'

/** Bytes of the largest exhibit that is written or read. */
export const LARGEST_EXHIBIT = 384 * 1024 * 1024

const MOST_LAYERS = 4096
const LARGEST_HEAD = 4096

const place = z.int().min(-1)
const part = z.strictObject({
  tensor: z.string().min(1),
  firstRow: z.int().min(0),
  rows: z.int().min(1),
  transposed: z.boolean(),
})
const matrices = z
  .array(
    z.strictObject({
      role: z.enum(EXHIBIT_ROLES),
      a: part,
      b: part,
      normA: part.nullable(),
      normB: part.nullable(),
      residual: z.number().min(0),
    }),
  )
  .max(EXHIBIT_ROLES.length)
const heads = z.strictObject({
  size: z.int().min(2).max(LARGEST_HEAD),
  queries: z.array(place).min(1),
  groups: z.array(place).min(1),
  mix: z.array(z.array(z.number())),
  planes: z.array(z.array(z.tuple([z.number(), z.number()]))),
})
const layer = z.strictObject({
  a: z.int().min(0),
  b: z.int().min(0),
  units: z.array(place),
  up: z.array(z.number()),
  down: z.array(z.number()),
  heads: heads.nullable(),
  matrices,
})
const exhibitSchema = z.strictObject({
  schema: z.literal('tidewaiter/exhibit/v1'),
  a: z.string().min(1),
  b: z.string().min(1),
  rotation: z.strictObject({
    rows: z.int().min(1),
    columns: z.int().min(1),
    values: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    defect: z.number().min(0),
  }),
  layers: z.array(layer).max(MOST_LAYERS),
  matrices,
})

function areHeadsWhole({ size, queries, groups, mix, planes }: ExhibitHeads): boolean {
  return (
    queries.length % groups.length === 0 &&
    mix.length === groups.length &&
    // None where the rows of a head of A are dependent.
    mix.every((each) => each.length === 0 || each.length === size * size) &&
    planes.length === groups.length &&
    planes.every((each) => each.length === Math.floor(size / 2))
  )
}

function isLayerWhole({ units, up, down, heads: of }: ExhibitLayer): boolean {
  return up.length === units.length && down.length === units.length && (of === null || areHeadsWhole(of))
}

function hasTwice(list: readonly ExhibitMatrix[]): boolean {
  return new Set(list.map(({ role }) => role)).size < list.length
}

/** What is wrong beyond its form; null when nothing is. */
function findFault({ rotation, layers, matrices: outer }: Exhibit): string | null {
  const { rows, columns, values } = rotation
  if (Buffer.byteLength(values, 'base64') !== 4 * rows * columns) return `the rotation is not ${rows} by ${columns}`
  if (new Set(layers.map(({ b }) => b)).size < layers.length) return 'a layer of B stands in it twice'
  if ([outer, ...layers.map((each) => each.matrices)].some(hasTwice)) return 'a layer has one role twice'
  const broken = layers.find((each) => !isLayerWhole(each))
  return broken === undefined ? null : `lists of layer ${broken.b} do not belong together`
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new Fault('bad-exhibit', 'the exhibit is not JSON', { cause })
  }
}

/** Reads one. @throws Fault `bad-exhibit` which says what is wrong first */
export function readExhibit(bytes: Uint8Array): Exhibit {
  if (bytes.length > LARGEST_EXHIBIT)
    throw new Fault('bad-exhibit', `the exhibit has ${bytes.length} bytes; at most ${LARGEST_EXHIBIT}`)
  const { success, data, error } = exhibitSchema.safeParse(parse(bytes))
  if (!success) {
    const [issue] = error.issues
    const where = ['exhibit', ...(issue?.path ?? [])].join('.')
    throw new Fault('bad-exhibit', `no exhibit: ${where}: ${issue?.message ?? ''}`)
  }
  const fault = findFault(data)
  if (fault !== null) throw new Fault('bad-exhibit', `no exhibit: ${fault}`)
  return data
}
