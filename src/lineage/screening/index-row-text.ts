/**
 * A row of the index as JSON text, for keeping it where there is no index: in a table, beside its fingerprint.
 *
 * Guarantee: `parseIndexRow` gives what `indexRowText` was given, or throws `Fault`.
 */
import { z } from 'zod'
import { canonicalJson, Fault } from '../../base/index.ts'
import { SHORT_BYTES, WHOLE_BYTES, type IndexRow } from './index-row.ts'

const key = z.string().regex(/^[0-9a-f]{16}$/)
const bytes = (text: z.ZodBase64): z.ZodType<Uint8Array> =>
  text.transform((value) => new Uint8Array(Buffer.from(value, 'base64')))

const rowSchema = z.strictObject({
  model: z.string().max(256),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  place: key,
  shape: key,
  width: z.int().min(0),
  layers: z.int().min(0).max(1024),
  wholeBits: z
    .int()
    .min(0)
    .max(8 * WHOLE_BYTES),
  layerBits: z
    .int()
    .min(0)
    .max(8 * SHORT_BYTES),
  whole: bytes(z.base64()),
  layerSketches: bytes(z.base64()),
  gains: bytes(z.base64()),
  tokens: bytes(z.base64()),
  digests: z.array(key).max(4000),
})

/** The text. */
export function indexRowText(row: IndexRow): string {
  const text = (value: Uint8Array): string => Buffer.from(value).toString('base64')
  const { whole, layerSketches, gains, tokens, digests, ...plain } = row
  return canonicalJson({
    ...plain,
    digests: [...digests],
    whole: text(whole),
    layerSketches: text(layerSketches),
    gains: text(gains),
    tokens: text(tokens),
  })
}

function hasRightSizes({ whole, layerSketches, layers, gains, tokens }: IndexRow): boolean {
  const isShort = gains.length === SHORT_BYTES && tokens.length === SHORT_BYTES
  return isShort && whole.length === WHOLE_BYTES && layerSketches.length === layers * SHORT_BYTES
}

/** The row of a text. @throws Fault `bad-index-row` */
export function parseIndexRow(text: string): IndexRow {
  let row: IndexRow
  try {
    row = rowSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Fault('bad-index-row', 'a row of the index is not understood', { cause })
  }
  if (!hasRightSizes(row)) throw new Fault('bad-index-row', `the row of ${row.model} has sketches of a wrong length`)
  return row
}
