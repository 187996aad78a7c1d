/**
 * Where the tensor data of a GGUF file lies.
 *
 * ggml wants each offset to be exactly the padded sum of the sizes before it, so a file has one layout and no bytes
 * to hide anything in. Each departure is noted; only tensors that lie wholly inside the file become facts.
 *
 * Guarantee: every claim lies inside the file. Overlapping tensors claim their bytes twice, so that the byte
 * accounting sees it as well.
 */
import { alignUp } from '../../base/index.ts'
import type { TensorFact } from '../facts.ts'
import type { GgufContext } from './context.ts'
import { quoteName } from './text.ts'
import type { TensorInfo } from './tensor-infos.ts'

/** What is known before the data. */
export interface DataPlace {
  /** First byte of the data section. */
  readonly from: number
  /** A power of two. */
  readonly alignment: number
  readonly bigEndian: boolean
}

/** Lays out the tensors of a file that has at least one; gives those that lie inside the file, in its order. */
export function layOut(context: GgufContext, infos: readonly TensorInfo[], place: DataPlace): readonly TensorFact[] {
  checkOffsets(context, infos, place.alignment)
  const tensors = infos.flatMap((info) => placeTensor(context, info, place) ?? [])
  const inOrder = tensors.toSorted((a, b) => a.offset - b.offset || a.length - b.length)
  claimData(context, inOrder, place)
  if (tensors.length === infos.length) claimEnd(context, inOrder, place)
  return tensors
}

function locusOf(info: { readonly name: string }): string {
  return `tensor ${quoteName(info.name)}`
}

function checkOffsets(context: GgufContext, infos: readonly TensorInfo[], alignment: number): void {
  let expected: number | undefined = 0
  for (const info of infos) {
    const locus = locusOf(info)
    if (info.offset % alignment !== 0)
      context.anomalies.add('ggf-misaligned', `${locus} has offset ${info.offset}, no multiple of ${alignment}`, {
        locus,
        offset: info.at,
      })
    if (expected !== undefined && info.offset !== expected)
      context.anomalies.add('ggf-offset', `${locus} has offset ${info.offset}, not ${expected}`, {
        locus,
        offset: info.at,
      })
    const end: number | undefined = info.length === undefined ? undefined : info.offset + info.length
    expected = end !== undefined && Number.isSafeInteger(end + alignment) ? alignUp(end, alignment) : undefined
  }
}

function placeTensor(context: GgufContext, info: TensorInfo, place: DataPlace): TensorFact | undefined {
  const { name, shape, type, length } = info
  const locus = locusOf(info)
  const offset = place.from + info.offset
  const needed = length ?? 0
  if (offset > context.size || needed > context.size - offset) {
    const message = `${locus} needs bytes ${offset} to ${offset + needed} of a file of ${context.size}`
    context.anomalies.add('ggf-outside-file', message, { locus, offset: info.at })
    return undefined
  }
  if (shape === undefined || type === undefined || length === undefined) return undefined
  const fact = { name, type: type.name, shape, file: context.path, offset, length }
  return place.bigEndian ? { ...fact, bigEndian: true } : fact
}

function claimData(context: GgufContext, inOrder: readonly TensorFact[], place: DataPlace): void {
  let end = place.from
  for (const tensor of inOrder) {
    const { offset, length } = tensor
    const locus = locusOf(tensor)
    if (offset > end && offset === alignUp(end, place.alignment)) context.facts.claim('padding', end, offset)
    if (offset < end && length > 0) {
      const message = `${locus} begins at ${offset}, before the tensor before it ends at ${end}`
      context.anomalies.add('ggf-overlap', message, { locus, offset, length })
    }
    context.facts.claim('tensor', offset, offset + length)
    end = Math.max(end, offset + length)
  }
}

/** Claims the padding after the last tensor and notes what is wrong with the end of the file. */
function claimEnd(context: GgufContext, inOrder: readonly TensorFact[], place: DataPlace): void {
  const end = inOrder.reduce((last, { offset, length }) => Math.max(last, offset + length), place.from)
  const padded = alignUp(end, place.alignment)
  if (padded > context.size) {
    const message = `the file ends at ${context.size}, without the padding up to ${padded}`
    context.anomalies.add('ggf-end', message, { locus: 'file', offset: context.size })
  }
  claimPadding(context, end, place.alignment)
}

/** Claims the bytes up to the next multiple of the alignment and notes those that follow it. */
export function claimPadding({ size, anomalies, facts }: GgufContext, end: number, alignment: number): void {
  const padded = alignUp(end, alignment)
  if (padded < size) {
    const place = { locus: 'file', offset: padded, length: size - padded }
    anomalies.add('ggf-trailing-bytes', `${size - padded} bytes follow the last structure`, place)
  }
  facts.claim('padding', end, Math.min(padded, size))
}
