/**
 * BERT, RoBERTa, MiniLM and DistilBERT: norms behind the blocks, `intermediate.dense` widens, `output.dense` narrows.
 *
 * Source: `modeling_bert.py`, `modeling_distilbert.py` of Hugging Face transformers.
 */
import { roleNames, type Family } from './family.ts'

/** See the module. */
export const BERT: Family = {
  id: 'bert',
  title: 'BERT, RoBERTa, MiniLM, DistilBERT',
  names: roleNames({
    embedding: ['embeddings.word_embeddings'],
    head: ['cls.predictions.decoder', 'vocab_projector'],
    'position-embedding': ['embeddings.position_embeddings'],
    'type-embedding': ['embeddings.token_type_embeddings'],
    'embedding-norm': ['embeddings.LayerNorm'],
    'attention-norm': ['layer.{n}.attention.output.LayerNorm', 'layer.{n}.sa_layer_norm'],
    'post-mlp-norm': ['layer.{n}.output.LayerNorm', 'layer.{n}.output_layer_norm'],
    q: ['layer.{n}.attention.self.query', 'layer.{n}.attention.q_lin'],
    k: ['layer.{n}.attention.self.key', 'layer.{n}.attention.k_lin'],
    v: ['layer.{n}.attention.self.value', 'layer.{n}.attention.v_lin'],
    o: ['layer.{n}.attention.output.dense', 'layer.{n}.attention.out_lin'],
    up: ['layer.{n}.intermediate.dense', 'layer.{n}.ffn.lin1'],
    down: ['layer.{n}.output.dense', 'layer.{n}.ffn.lin2'],
    pooler: ['pooler.dense'],
  }),
}
