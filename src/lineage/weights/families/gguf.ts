/**
 * The names that llama.cpp gives to the tensors of every architecture in a GGUF file.
 *
 * Phi-3 keeps gate and up fused under the name `ffn_up`; the shapes tell, see `roles.ts`. Query and key rows of
 * `llama` files stand in another order than in Hugging Face's files; see `rope` in `roles.ts`.
 *
 * Source: `gguf-py/gguf/constants.py` and `tensor_mapping.py` of llama.cpp.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const GGUF: Family = {
  id: 'gguf',
  title: 'any architecture in GGUF names',
  names: roleNames({
    embedding: ['token_embd'],
    head: ['output'],
    'position-embedding': ['position_embd'],
    'type-embedding': ['token_types'],
    'embedding-norm': ['token_embd_norm'],
    'final-norm': ['output_norm'],
    'attention-norm': ['blk.{n}.attn_norm', 'blk.{n}.attn_output_norm'],
    'mlp-norm': ['blk.{n}.ffn_norm'],
    'post-attention-norm': ['blk.{n}.post_attention_norm'],
    'post-mlp-norm': ['blk.{n}.post_ffw_norm', 'blk.{n}.layer_output_norm'],
    'query-norm': ['blk.{n}.attn_q_norm'],
    'key-norm': ['blk.{n}.attn_k_norm'],
    q: ['blk.{n}.attn_q'],
    k: ['blk.{n}.attn_k'],
    v: ['blk.{n}.attn_v'],
    o: ['blk.{n}.attn_output'],
    qkv: ['blk.{n}.attn_qkv'],
    gate: ['blk.{n}.ffn_gate', 'blk.{n}.ffn_gate_exps'],
    up: ['blk.{n}.ffn_up', 'blk.{n}.ffn_up_exps'],
    down: ['blk.{n}.ffn_down', 'blk.{n}.ffn_down_exps'],
    router: ['blk.{n}.ffn_gate_inp'],
  }),
}
