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
