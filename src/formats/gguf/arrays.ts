/**
 * Arrays in GGUF metadata: counted, digested and cut, never held.
 *
 * A vocabulary has a quarter of a million strings and a hostile file declares 2^60; both cost one page here. What
 * stays is the number of items, the first few, and the SHA-256 of all item bytes as they stand in the file.
 */
import { createHash } from 'node:crypto'
import type { GgufContext } from './context.ts'
import { readSize, stop } from './context.ts'
import { countRepeats as countRepeatedTexts } from './repeats.ts'
import { readScalar } from './scalars.ts'
import { readLength, readText } from './text.ts'
import { minimumBytes, valueType, type ScalarType, type ValueType } from './value-types.ts'

/** Items of an array that become facts. */
const KEPT_ITEMS = 16
const KEPT_TEXT = 256
const MOST_TOKENS = 1_048_576

/** What is known of an array. */
export interface ArraySummary {
  /** `array<string>` … */
  readonly type: string
  readonly count: number
  /** At most {@link KEPT_ITEMS} items. */
  readonly items: readonly unknown[]
  /** SHA-256 of the items' bytes, when not all of them were kept. */
  readonly digest?: string
  /** Items that repeat an earlier one; only for arrays of strings read with `countRepeats`. */
  readonly repeats?: number
}

/**
 * Reads an array at the cursor.
 *
 * @throws Fault `ggf-length` when it cannot be as long as it says, `ggf-value-type`, `budget-items`, `budget-depth`
 */
export function readArray(
  context: GgufContext,
  options: { readonly countRepeats?: boolean; readonly depth?: number } = {},
): ArraySummary {
  const { cursor } = context
  const id = cursor.u32()
  const type = valueType(id)
  if (type === undefined) throw stop('ggf-value-type', `${context.locus}: array items of the unknown type ${id}`)
  const count = readSize(cursor, 'an array length')
  if (count > cursor.remaining / minimumBytes(type))
    throw stop(
      'ggf-length',
      `${context.locus}: an array of ${count} items of type ${type}, ${cursor.remaining} bytes left`,
    )
  const from = cursor.at
  const body = readItems(context, type, { ...options, count })
  const cut = count > body.items.length || body.cut
  return {
    type: `array<${body.type ?? type}>`,
    count,
    items: body.items,
    ...(cut ? { digest: digestRange(context, from) } : {}),
    ...(body.repeats === undefined ? {} : { repeats: body.repeats }),
  }
}

interface Body {
  readonly items: readonly unknown[]
  readonly cut?: boolean
  readonly repeats?: number
  readonly type?: string
}

interface ItemOptions {
  readonly count: number
  readonly countRepeats?: boolean
  readonly depth?: number
}

function readItems(context: GgufContext, type: ValueType, options: ItemOptions): Body {
  if (type === 'string') return readTexts(context, options)
  if (type === 'array') return readArrays(context, options)
  return readScalars(context, type, options.count)
}

function readScalars(context: GgufContext, type: ScalarType, count: number): Body {
  const kept = Math.min(count, KEPT_ITEMS)
  const items = Array.from({ length: kept }, () => readScalar(context, type))
  const rest = (count - kept) * minimumBytes(type)
  if (type === 'bool') checkBooleans(context, rest)
  else context.cursor.skip(rest)
  return { items }
}

function checkBooleans(context: GgufContext, length: number): void {
  for (const chunk of context.cursor.chunks(length)) {
    if (chunk.some((byte) => byte > 1)) {
      context.anomalies.add('ggf-bool', `${context.locus} holds a boolean that is neither 0 nor 1`, {
        locus: context.locus,
      })
    }
  }
}

function readTexts(context: GgufContext, { count, countRepeats }: ItemOptions): Body {
  context.budget.spendItems(count)
  const kept = Math.min(count, KEPT_ITEMS)
  const from = context.cursor.at
  const texts = Array.from({ length: kept }, () => readText(context, KEPT_TEXT))
  const body = { items: texts.map(({ text }) => text), cut: texts.some(({ digest }) => digest !== undefined) }
  if (!countRepeats) {
    for (let i = kept; i < count; i++) context.cursor.skip(readLength(context))
    return body
  }
  if (count > MOST_TOKENS) throw stop('ggf-limit', `${count} tokens; at most ${MOST_TOKENS} are read`)
  context.cursor.seek(from)
  return { ...body, repeats: countRepeatedTexts(context, count) }
}

function readArrays(context: GgufContext, { count, depth = 1 }: ItemOptions): Body {
  context.anomalies.add('ggf-nested-array', `${context.locus} is an array of arrays`, { locus: context.locus })
  context.budget.checkDepth(depth)
  context.budget.spendItems(count)
  const items: unknown[] = []
  let type = 'array'
  for (let i = 0; i < count; i++) {
    const inner = readArray(context, { depth: depth + 1 })
    type = inner.type
    if (i < KEPT_ITEMS) items.push(inner.items)
  }
  return { items, cut: true, type }
}

function digestRange(context: GgufContext, from: number): string {
  const to = context.cursor.at
  const hash = createHash('sha256')
  context.cursor.seek(from)
  for (const chunk of context.cursor.chunks(to - from)) hash.update(chunk)
  return hash.digest('hex')
}
