/**
 * Vision transformers: ViT and DeiT, DINOv2, CLIP and SigLIP towers, and the names of timm.
 *
 * Source: `modeling_vit.py`, `modeling_dinov2.py`, `modeling_clip.py` of Hugging Face transformers;
 * `vision_transformer.py` of timm.
 */
import { roleNames, type Family } from './family.ts'

/** Hugging Face's ViT, DeiT and DINOv2. */
export const VIT: Family = {
  id: 'vit',
  title: 'ViT, DeiT, DINOv2',
  names: roleNames({
    'patch-embedding': ['embeddings.patch_embeddings.projection'],
    'final-norm': ['layernorm'],
    'attention-norm': ['layer.{n}.layernorm_before', 'layer.{n}.norm1'],
    'mlp-norm': ['layer.{n}.layernorm_after', 'layer.{n}.norm2'],
    q: ['layer.{n}.attention.attention.query'],
    k: ['layer.{n}.attention.attention.key'],
    v: ['layer.{n}.attention.attention.value'],
    o: ['layer.{n}.attention.output.dense'],
    up: ['layer.{n}.intermediate.dense', 'layer.{n}.mlp.fc1'],
    down: ['layer.{n}.output.dense', 'layer.{n}.mlp.fc2'],
    head: ['classifier'],
  }),
}

/** CLIP and SigLIP, both towers. */
export const CLIP: Family = {
  id: 'clip',
  title: 'CLIP, SigLIP',
  names: roleNames({
    embedding: ['embeddings.token_embedding'],
    'patch-embedding': ['embeddings.patch_embedding'],
    'position-embedding': ['embeddings.position_embedding'],
    'embedding-norm': ['pre_layrnorm'],
    'final-norm': ['post_layernorm', 'final_layer_norm'],
    'attention-norm': ['layers.{n}.layer_norm1'],
    'mlp-norm': ['layers.{n}.layer_norm2'],
    q: ['layers.{n}.self_attn.q_proj'],
    k: ['layers.{n}.self_attn.k_proj'],
    v: ['layers.{n}.self_attn.v_proj'],
    o: ['layers.{n}.self_attn.out_proj'],
    up: ['layers.{n}.mlp.fc1'],
    down: ['layers.{n}.mlp.fc2'],
  }),
}

/** timm. */
export const TIMM: Family = {
  id: 'timm-vit',
  title: 'ViT as timm names it',
  names: roleNames({
    'patch-embedding': ['patch_embed.proj'],
    'final-norm': ['norm', 'fc_norm'],
    'attention-norm': ['blocks.{n}.norm1'],
    'mlp-norm': ['blocks.{n}.norm2'],
    qkv: ['blocks.{n}.attn.qkv'],
    o: ['blocks.{n}.attn.proj'],
    up: ['blocks.{n}.mlp.fc1'],
    down: ['blocks.{n}.mlp.fc2'],
    head: ['head'],
  }),
}
