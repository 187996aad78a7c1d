/** Signatures of the core policy for the pickles of TorchScript. Source: PyTorch 1.4 to 2.15, `torch/jit/_pickle.py`. */
import { REVIEWED, type Signature } from './signature.ts'

/** See the module. */
export const TORCHSCRIPT_SIGNATURES: readonly Signature[] = [
  {
    globals: ['torch.jit._pickle: build_intlist build_doublelist build_boollist build_tensorlist'],
    role: 'function',
    reduce: '([any])',
    rationale: 'Gives back the list that it is given.',
    ...REVIEWED,
  },
  {
    globals: ['torch.jit._pickle: restore_type_tag'],
    role: 'function',
    reduce: '(any, str)',
    rationale: 'Gives back the value that it is given; the text says of what type it is.',
    ...REVIEWED,
  },
]

/** Whether a module is of the TorchScript of an archive. @example isScripted('__torch__.net') // true */
export function isScripted(module: string): boolean {
  return module === '__torch__' || module.startsWith('__torch__.')
}

/** The signature of every type that the TorchScript of an archive declares, in a context that says so. */
export const SCRIPTED_TYPE: Signature = {
  globals: [],
  role: 'type',
  newobj: '()',
  state: 'any',
  rationale:
    'A type of the TorchScript archive itself, built without Python; what its own code does with a state is read there.',
  ...REVIEWED,
}
