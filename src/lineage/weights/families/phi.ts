/**
 * Phi 1, 1.5 and 2: parallel attention and MLP behind one norm, no gate. Phi-3 is read by the Llama table.
 *
 * Source: `modeling_phi.py` of Hugging Face transformers.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const PHI: Family = {
  id: 'phi',
  title: 'Phi 1 and 2',
  names: roleNames({
    embedding: ['embed_tokens'],
    head: ['lm_head'],
    'final-norm': ['final_layernorm'],
    'mlp-norm': ['layers.{n}.input_layernorm'],
    q: ['layers.{n}.self_attn.q_proj'],
    k: ['layers.{n}.self_attn.k_proj'],
    v: ['layers.{n}.self_attn.v_proj'],
    o: ['layers.{n}.self_attn.dense'],
    up: ['layers.{n}.mlp.fc1'],
    down: ['layers.{n}.mlp.fc2'],
  }),
}
