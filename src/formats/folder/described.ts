/**
 * Files without structure of their own, which another file of the artefact describes: the external data of an ONNX
 * model, the shards of a TensorFlow checkpoint.
 *
 * Such a file is understood when the tensors that lie in it account for all its bytes and nothing but zeros stands
 * between them. What describes it must have been read in full, and nobody may know the file as something else.
 */
import { accountFor } from '../claims.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Claim, FileFacts } from '../facts.ts'

/** The format that such a file is given. */
const FORMAT = 'tensor-data'
/** What a file may have been taken for before. */
const FORMLESS: ReadonlySet<string> = new Set(['unknown', 'onnx-external-data', 'checkpoint-data'])

/** Opens a file of the artefact for as long as `use` runs. */
export type UseFile = <Result>(path: string, use: (source: ByteSource) => Result) => Result

type Spans = Map<string, { from: number; to: number }[]>

function spansOf(files: readonly FileFacts[]): Spans {
  const spans: Spans = new Map()
  for (const { path, tensors, reading, container } of files) {
    if (reading !== 'full' || container !== undefined) continue
    for (const { file, offset, length } of tensors) {
      if (file === path) continue
      const list = spans.get(file) ?? []
      list.push({ from: offset, to: offset + length })
      spans.set(file, list)
    }
  }
  return spans
}

/** The tensors in order, one claim for those that share all their bytes, and padding between them. */
function claimsOf(spans: readonly { readonly from: number; readonly to: number }[], size: number): readonly Claim[] {
  const claims: Claim[] = []
  let end = 0
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = claims.at(-1)
    if (last?.from === from && last.to === to) continue
    if (from > end) claims.push({ role: 'padding', from: end, to: from })
    if (to > from) claims.push({ role: 'tensor', from, to })
    end = Math.max(end, to)
  }
  return end < size ? [...claims, { role: 'padding', from: end, to: size }] : claims
}

function isFormless({ format, anomalies, container }: FileFacts): boolean {
  return FORMLESS.has(format) && container === undefined && anomalies.every(({ code }) => code === 'unknown-format')
}

/** The facts of all files, with those of described files made anew where their bytes tally. @throws Fault of `use` */
export function settleDescribed(files: readonly FileFacts[], use: UseFile): readonly FileFacts[] {
  const spans = spansOf(files)
  if (spans.size === 0) return files
  return files.map((file) => {
    const { path, size } = file
    const described = spans.get(path)
    if (described === undefined || !isFormless(file)) return file
    const claims = claimsOf(described, size)
    const { complete } = use(path, (source) => accountFor(claims, source))
    if (!complete) return file
    const nothing = { tensors: [], metadata: [], references: [], anomalies: [] }
    return { path, size, format: FORMAT, reading: 'full', claims, ...nothing }
  })
}
