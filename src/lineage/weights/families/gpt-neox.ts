/**
 * GPT-NeoX and Pythia: q, k, v fused head by head.
 *
 * Source: `modeling_gpt_neox.py` of Hugging Face transformers.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const GPT_NEOX: Family = {
  id: 'gpt-neox',
  title: 'GPT-NeoX, Pythia',
  names: [
    ...roleNames({
      embedding: ['embed_in'],
      head: ['embed_out'],
      'final-norm': ['final_layer_norm'],
      'attention-norm': ['layers.{n}.input_layernorm'],
      'mlp-norm': ['layers.{n}.post_attention_layernorm'],
      o: ['layers.{n}.attention.dense'],
      up: ['layers.{n}.mlp.dense_h_to_4h'],
      down: ['layers.{n}.mlp.dense_4h_to_h'],
    }),
    ...roleNames({ qkv: ['layers.{n}.attention.query_key_value'] }, { perHead: true }),
  ],
}
