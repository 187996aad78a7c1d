/**
 * Llama and the many that took over its names: Mistral, Mixtral, Qwen 2 and 3, Yi, SmolLM, OLMo, Phi-3.
 *
 * Source: `modeling_llama.py`, `modeling_mistral.py`, `modeling_mixtral.py`, `modeling_qwen2.py`,
 * `modeling_qwen3_moe.py`, `modeling_phi3.py` of Hugging Face transformers.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const LLAMA: Family = {
  id: 'llama',
  title: 'Llama, Mistral, Qwen, Phi-3',
  names: roleNames({
    embedding: ['embed_tokens'],
    head: ['lm_head'],
    'final-norm': ['norm'],
    'attention-norm': ['layers.{n}.input_layernorm'],
    'mlp-norm': ['layers.{n}.post_attention_layernorm'],
    'query-norm': ['layers.{n}.self_attn.q_norm'],
    'key-norm': ['layers.{n}.self_attn.k_norm'],
    q: ['layers.{n}.self_attn.q_proj'],
    k: ['layers.{n}.self_attn.k_proj'],
    v: ['layers.{n}.self_attn.v_proj'],
    o: ['layers.{n}.self_attn.o_proj'],
    qkv: ['layers.{n}.self_attn.qkv_proj'],
    gate: [
      'layers.{n}.mlp.gate_proj',
      'layers.{n}.mlp.experts.{e}.gate_proj',
      'layers.{n}.block_sparse_moe.experts.{e}.w1',
    ],
    up: ['layers.{n}.mlp.up_proj', 'layers.{n}.mlp.experts.{e}.up_proj', 'layers.{n}.block_sparse_moe.experts.{e}.w3'],
    'gate-up': ['layers.{n}.mlp.gate_up_proj'],
    down: [
      'layers.{n}.mlp.down_proj',
      'layers.{n}.mlp.experts.{e}.down_proj',
      'layers.{n}.block_sparse_moe.experts.{e}.w2',
    ],
    router: ['layers.{n}.mlp.gate', 'layers.{n}.block_sparse_moe.gate'],
  }),
}
