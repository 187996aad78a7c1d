/**
 * Which of the zip archives of torch a file is.
 *
 * torch.load looks for `constants.pkl` first and hands the file to the interpreter of TorchScript when it is there,
 * whatever the file is called; so does this.
 */
import type { Glimpse } from '../reader.ts'
import { zipHolding } from '../recognised/zip-names.ts'

/** Ids of the readers. */
export type TorchKind = 'torchscript' | 'torch-package' | 'torch-export' | 'torch-zip'

type Predicate = (glimpse: Glimpse) => boolean

const KINDS: readonly (readonly [TorchKind, readonly Predicate[]])[] = [
  ['torchscript', [zipHolding(/(^|\/)constants\.pkl$/)]],
  ['torch-package', [zipHolding(/(^|\/)\.data\/extern_modules$/)]],
  ['torch-export', [zipHolding(/(^|\/)archive_format$/), zipHolding(/serialized_exported_program\.json$/)]],
  ['torch-zip', [zipHolding(/(^|\/)data\.pkl$/)]],
]

/** The kind of a file, or undefined when it is none of them. */
export function torchKind(glimpse: Glimpse): TorchKind | undefined {
  return KINDS.find(([, predicates]) => predicates.some((holds) => holds(glimpse)))?.[0]
}
