/**
 * GPT-2 and its kin (DialoGPT, DistilGPT-2): `Conv1D` stores inputs as rows, and q, k, v stand fused in one matrix.
 *
 * Source: `modeling_gpt2.py`, `pytorch_utils.py` (class Conv1D) of Hugging Face transformers.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const GPT2: Family = {
  id: 'gpt2',
  title: 'GPT-2',
  names: [
    ...roleNames({
      embedding: ['wte'],
      head: ['lm_head'],
      'position-embedding': ['wpe'],
      'final-norm': ['ln_f'],
      'attention-norm': ['h.{n}.ln_1'],
      'mlp-norm': ['h.{n}.ln_2'],
    }),
    ...roleNames(
      { qkv: ['h.{n}.attn.c_attn'], o: ['h.{n}.attn.c_proj'], up: ['h.{n}.mlp.c_fc'], down: ['h.{n}.mlp.c_proj'] },
      { transposed: true },
    ),
  ],
}
