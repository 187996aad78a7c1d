/**
 * The buffers of a TensorFlow Lite model: where the bytes of its tensors lie.
 *
 * A buffer lies inside the FlatBuffer or, in models of more than two gigabytes, behind it; then its offset is counted
 * from the start of the file. Offsets 0 and 1 mean that it does not.
 */
import { isFault } from '../../base/index.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import type { TfliteContext } from './context.ts'

/** Where a buffer lies. */
export interface Span {
  readonly at: number
  readonly length: number
}

function claimBehind({ facts, end, size }: TfliteContext, { at, length }: Span, what: string): Span | undefined {
  if (at < end || at + length > size) {
    const message = `${what} of ${length} bytes at ${at} does not lie between the structures and the end of the file`
    facts.anomalies.add('tfl-buffer', message, { locus: what, offset: at })
    return undefined
  }
  return { at, length }
}

/** A place behind the FlatBuffer, by the names of the two fields that give it; undefined when there is none. */
export function spanBehind(
  context: TfliteContext,
  table: FlatTable,
  fields: readonly [string, string],
): Span | undefined {
  try {
    const [at, length] = [table.size64(fields[0]), table.size64(fields[1])]
    if (at <= 1 || length === 0) return undefined
    return claimBehind(context, { at, length }, `a ${table.name.toLowerCase()}`)
  } catch (thrown) {
    if (!isFault(thrown, 'size-overflow')) throw thrown
    context.facts.anomalies.add('tfl-buffer', thrown.message, { locus: table.name, offset: table.at })
    return undefined
  }
}

/** Where each buffer of the model lies; undefined for one that has no bytes. */
export function readBuffers(context: TfliteContext): readonly (Span | undefined)[] {
  const spans: (Span | undefined)[] = []
  for (const buffer of context.root.tables('buffers')) {
    const inside = buffer.vector('data')
    const behind = spanBehind(context, buffer, ['offset', 'size'])
    if (behind !== undefined) context.behind.push(behind)
    spans.push(inside !== undefined && inside.count > 0 ? { at: inside.at, length: inside.count } : behind)
  }
  return spans
}
