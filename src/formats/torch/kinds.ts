/**
 * Which of the zip archives of torch a file is.
 *
 * torch.load looks for `constants.pkl` first and hands the file to the interpreter of TorchScript when it is there,
 * whatever the file is called; so does this. Head and tail of a large archive do not show all of its names: what the
 * sniffer cannot see is decided by the whole directory, once it is read.
 */
import type { Confidence, Glimpse } from '../reader.ts'
import { zipHolding } from '../recognised/zip-names.ts'

/** Ids of the readers. */
export type TorchKind = 'torchscript' | 'torch-package' | 'torch-export' | 'torch-zip'

/** The record that makes an archive one of a kind, in the order in which they count. */
const LANDMARKS: readonly (readonly [TorchKind, RegExp])[] = [
  ['torchscript', /(^|\/)constants\.pkl$/],
  ['torch-package', /(^|\/)\.data\/extern_modules$/],
  ['torch-export', /(^|\/)(?:archive_format|serialized_exported_program\.json)$/],
  ['torch-zip', /(^|\/)data\.pkl$/],
]
/** What torch writes first when it writes none of these first. */
const FIRST = /^[^/]+\/(?:data\/\d+|version|byteorder|\.format_version|\.data\/[^/]+|code\/__torch__.*|constants\/\d+)$/
const beginsAsTorch = zipHolding(FIRST)
const PREDICATES = LANDMARKS.map(([kind, landmark]) => [kind, zipHolding(landmark)] as const)

/** How sure the sniffer of a kind is. */
export function sniffTorch(kind: TorchKind, glimpse: Glimpse): Confidence {
  const seen = PREDICATES.find(([, holds]) => holds(glimpse))?.[0]
  if (seen !== undefined) return seen === kind ? 'magic' : null
  return kind === 'torch-zip' && beginsAsTorch(glimpse) ? 'structure' : null
}

/** The kind of an archive with these members, and the folder of its records with a slash; undefined for other zips. */
export function findKind(names: readonly string[]): { readonly kind: TorchKind; readonly root: string } | undefined {
  for (const [kind, landmark] of LANDMARKS) {
    for (const name of names) {
      const found = landmark.exec(name)
      if (found !== null) return { kind, root: name.slice(0, found.index + (found[1]?.length ?? 0)) }
    }
  }
  return undefined
}
