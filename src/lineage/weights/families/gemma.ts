/**
 * Gemma 2 and 3, whose layers have four norms; Gemma 1 is read by the Llama table.
 *
 * What Llama calls `post_attention_layernorm` stands before the MLP; here it stands behind the attention, and the
 * norm before the MLP is `pre_feedforward_layernorm`. Gains are stored as γ − 1 in all Gemmas, which no test minds:
 * gains are centred before they are compared.
 *
 * Source: `modeling_gemma2.py`, `modeling_gemma3.py` of Hugging Face transformers.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const GEMMA: Family = {
  id: 'gemma',
  title: 'Gemma 2 and 3',
  names: roleNames({
    embedding: ['embed_tokens'],
    head: ['lm_head'],
    'final-norm': ['norm'],
    'attention-norm': ['layers.{n}.input_layernorm'],
    'post-attention-norm': ['layers.{n}.post_attention_layernorm'],
    'mlp-norm': ['layers.{n}.pre_feedforward_layernorm'],
    'post-mlp-norm': ['layers.{n}.post_feedforward_layernorm'],
    'query-norm': ['layers.{n}.self_attn.q_norm'],
    'key-norm': ['layers.{n}.self_attn.k_norm'],
    q: ['layers.{n}.self_attn.q_proj'],
    k: ['layers.{n}.self_attn.k_proj'],
    v: ['layers.{n}.self_attn.v_proj'],
    o: ['layers.{n}.self_attn.o_proj'],
    gate: ['layers.{n}.mlp.gate_proj'],
    up: ['layers.{n}.mlp.up_proj'],
    down: ['layers.{n}.mlp.down_proj'],
  }),
}
