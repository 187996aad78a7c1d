import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArtefactFacts, MetadataFact, TensorFact } from '../../formats/index.ts'
import { findTensorLayout } from '../../simd/index.ts'
import { describePart } from './part.ts'
import { readRoles } from './roles.ts'

type Shapes = Readonly<Record<string, readonly number[]>>

function toTensor(name: string, shape: readonly number[], type: string): TensorFact {
  const { blockBytes = 2, blockElements = 1 } = findTensorLayout(type) ?? {}
  const length = (shape.reduce((all, one) => all * one, 1) / blockElements) * blockBytes
  return { name, type, shape, file: 'model.safetensors', offset: 0, length }
}

/** Facts of one weight file with these tensors. */
function factsOf(
  shapes: Shapes,
  options: { type?: string; metadata?: readonly MetadataFact[]; path?: string } = {},
): ArtefactFacts {
  const { type = 'BF16', metadata = [], path = 'model.safetensors' } = options
  const tensors = Object.entries(shapes).map(([name, shape]) => toTensor(name, shape, type))
  const file = {
    path,
    size: 1e9,
    format: 'safetensors',
    reading: 'full',
    tensors,
    metadata,
    references: [],
    claims: [],
    anomalies: [],
  } as const
  return {
    schema: 'tidewaiter/facts/v1',
    artefact: 'tw1:0',
    files: [file],
    anomalies: [],
    assurance: 'in-process',
    readers: [],
  }
}

/** Roles as `part: rows × columns @ first row`. */
function rolesOf(facts: ArtefactFacts): Readonly<Record<string, string>> {
  const { parts } = readRoles(facts)
  return Object.fromEntries(parts.map((part) => [describePart(part), `${part.rows}x${part.columns}@${part.firstRow}`]))
}

const MLP = { 'layer 0 gate': '160x64@0', 'layer 0 up': '160x64@0', 'layer 0 down': '64x160@0' }

test('readRoles() knows Llama, with whatever prefix', () => {
  const names = {
    'language_model.model.embed_tokens.weight': [384, 64],
    'language_model.model.layers.0.input_layernorm.weight': [64],
    'language_model.model.layers.0.self_attn.q_proj.weight': [64, 64],
    'language_model.model.layers.0.self_attn.q_proj.bias': [64],
    'language_model.model.layers.0.mlp.gate_proj.weight': [160, 64],
    'language_model.model.layers.0.mlp.up_proj.weight': [160, 64],
    'language_model.model.layers.0.mlp.down_proj.weight': [64, 160],
    'language_model.lm_head.weight': [384, 64],
  }
  const roles = rolesOf(factsOf(names))
  assert.deepEqual(
    {
      ...MLP,
      embedding: '384x64@0',
      head: '384x64@0',
      'layer 0 q': '64x64@0',
      'layer 0 q bias': '1x64@0',
      'layer 0 attention-norm': '1x64@0',
    },
    roles,
  )
})

test('readRoles() takes Phi-3 apart: q, k, v and gate, up', () => {
  const roles = rolesOf(
    factsOf({
      'model.layers.0.self_attn.qkv_proj.weight': [96, 64],
      'model.layers.0.self_attn.o_proj.weight': [64, 64],
      'model.layers.0.mlp.gate_up_proj.weight': [320, 64],
      'model.layers.0.mlp.down_proj.weight': [64, 160],
    }),
  )
  assert.equal(roles['layer 0 q'], '64x64@0')
  assert.equal(roles['layer 0 k'], '16x64@64')
  assert.equal(roles['layer 0 v'], '16x64@80')
  assert.equal(roles['layer 0 gate'], '160x64@0')
  assert.equal(roles['layer 0 up'], '160x64@160')
})

test('readRoles() tells the four norms of Gemma from the two of Llama', () => {
  const at = (name: string): string => `model.layers.0.${name}.weight`
  const norms = {
    [at('input_layernorm')]: [64],
    [at('post_attention_layernorm')]: [64],
    [at('mlp.up_proj')]: [160, 64],
  }
  assert.ok('layer 0 mlp-norm' in rolesOf(factsOf(norms)))
  const gemma = rolesOf(
    factsOf({ ...norms, [at('pre_feedforward_layernorm')]: [64], [at('post_feedforward_layernorm')]: [64] }),
  )
  assert.ok('layer 0 post-attention-norm' in gemma && 'layer 0 mlp-norm' in gemma && 'layer 0 post-mlp-norm' in gemma)
})

test('readRoles() knows that GPT-2 stores its matrices the other way round', () => {
  const { parts, family } = readRoles(
    factsOf({
      'transformer.wte.weight': [384, 64],
      'transformer.h.0.attn.c_attn.weight': [64, 192],
      'transformer.h.0.attn.c_attn.bias': [192],
      'transformer.h.0.mlp.c_fc.weight': [64, 256],
      'transformer.h.0.mlp.c_proj.weight': [256, 64],
    }),
  )
  assert.equal(family, 'gpt2')
  assert.deepEqual(
    parts
      .filter(({ transposed }) => transposed)
      .map(({ role }) => role)
      .toSorted(),
    ['down', 'qkv', 'up'],
  )
})

test('readRoles() leaves GPT-NeoX’s per-head qkv whole and finds its MLP', () => {
  const roles = rolesOf(
    factsOf({
      'gpt_neox.layers.0.attention.query_key_value.weight': [192, 64],
      'gpt_neox.layers.0.mlp.dense_h_to_4h.weight': [256, 64],
      'gpt_neox.layers.0.mlp.dense_4h_to_h.weight': [64, 256],
      'embed_out.weight': [384, 64],
    }),
  )
  assert.deepEqual(roles, {
    'layer 0 qkv': '192x64@0',
    'layer 0 up': '256x64@0',
    'layer 0 down': '64x256@0',
    head: '384x64@0',
  })
})

test('readRoles() knows BERT with and without its prefix and does not mistake one output for the other', () => {
  for (const prefix of ['', 'bert.']) {
    const roles = rolesOf(
      factsOf({
        [`${prefix}embeddings.word_embeddings.weight`]: [384, 64],
        [`${prefix}encoder.layer.0.attention.self.query.weight`]: [64, 64],
        [`${prefix}encoder.layer.0.attention.output.dense.weight`]: [64, 64],
        [`${prefix}encoder.layer.0.attention.output.LayerNorm.gamma`]: [64],
        [`${prefix}encoder.layer.0.attention.output.LayerNorm.beta`]: [64],
        [`${prefix}encoder.layer.0.intermediate.dense.weight`]: [256, 64],
        [`${prefix}encoder.layer.0.output.dense.weight`]: [64, 256],
      }),
    )
    assert.equal(roles['layer 0 up'], '256x64@0')
    assert.equal(roles['layer 0 down'], '64x256@0')
    assert.equal(roles['layer 0 o'], '64x64@0')
    assert.ok('layer 0 attention-norm' in roles && 'layer 0 attention-norm bias' in roles)
  }
})

test('readRoles() knows vision transformers under three sets of names', () => {
  const sets: readonly Shapes[] = [
    { 'vit.encoder.layer.0.intermediate.dense.weight': [256, 64], 'vit.encoder.layer.0.layernorm_before.weight': [64] },
    { 'blocks.0.attn.qkv.weight': [192, 64], 'blocks.0.mlp.fc1.weight': [256, 64] },
    {
      'vision_model.encoder.layers.0.self_attn.out_proj.weight': [64, 64],
      'vision_model.encoder.layers.0.mlp.fc1.weight': [256, 64],
    },
  ]
  assert.deepEqual(
    sets.map((names) => readRoles(factsOf(names)).family),
    ['vit', 'timm-vit', 'clip'],
  )
  for (const names of sets) assert.equal(rolesOf(factsOf(names))['layer 0 up'], '256x64@0')
  assert.equal(rolesOf(factsOf(sets[1] ?? {}))['layer 0 v'], '64x64@128')
})

test('readRoles() knows GGUF names, fused gate and up, stacked experts, and the order of q rows', () => {
  const metadata = [{ key: 'general.architecture', type: 'string', value: 'llama' }]
  const { parts } = readRoles(
    factsOf(
      {
        'token_embd.weight': [384, 64],
        'blk.0.attn_q.weight': [64, 64],
        'blk.0.attn_v.weight': [32, 64],
        'blk.0.ffn_up.weight': [320, 64],
        'blk.0.ffn_down.weight': [64, 160],
      },
      { type: 'q8_0', metadata },
    ),
  )
  const found = Object.fromEntries(parts.map((part) => [part.role, part]))
  assert.equal(found['q']?.rope, 'interleaved')
  assert.equal(found['v']?.rope, 'half')
  assert.deepEqual([found['gate']?.firstRow, found['up']?.firstRow, found['up']?.rows], [0, 160, 160])
  const experts = rolesOf(
    factsOf(
      { 'blk.0.ffn_gate_exps.weight': [4, 160, 64], 'blk.0.ffn_down_exps.weight': [4, 64, 160] },
      { type: 'f16' },
    ),
  )
  assert.equal(experts['layer 0 gate of expert 3'], '160x64@480')
})

test('readRoles() reads by shapes when names say nothing', () => {
  const names = Object.fromEntries(
    [0, 1, 2].flatMap((n): [string, number[]][] => [
      [`net.${n}.w1`, [64, 64]],
      [`net.${n}.w2`, [160, 64]],
      [`net.${n}.w3`, [64, 160]],
      [`net.${n}.w4`, [160, 64]],
    ]),
  )
  const model = readRoles(factsOf({ ...names, table: [384, 64] }))
  const roles = rolesOf(factsOf({ ...names, table: [384, 64] }))
  assert.equal(model.family, 'generic')
  assert.equal(model.layers, 3)
  assert.equal(roles['layer 2 gate'], '160x64@0')
  assert.equal(roles['layer 2 down'], '64x160@0')
  assert.equal(roles['embedding'], '384x64@0')
})

test('readRoles() says why there is nothing to compare', () => {
  const adapter = {
    'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight': [4, 64],
    'base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight': [64, 4],
  }
  assert.match(readRoles(factsOf(adapter)).unusable ?? '', /a base cannot be told from an adapter/)
  assert.match(readRoles(factsOf({})).unusable ?? '', /no weight tensors/)
  assert.match(
    readRoles(factsOf({ 'model.layers.0.mlp.up_proj.qweight': [8, 160] }, { type: 'I32' })).unusable ?? '',
    /packing/,
  )
  assert.match(readRoles(factsOf({ x: [4, 4] }, { type: 'F4' })).unusable ?? '', /F4/)
})

test('readRoles() counts layers by place, keeps side stacks apart and drops no tensor', () => {
  const names = {
    'model.layers.3.mlp.up_proj.weight': [160, 64],
    'model.layers.7.mlp.up_proj.weight': [160, 64],
    'vision.encoder.layers.0.mlp.fc1.weight': [96, 32],
    'rotary.inv_freq': [8],
  }
  const { parts, layers } = readRoles(factsOf(names))
  assert.equal(layers, 2)
  assert.deepEqual(parts.map(describePart).toSorted(), [
    'layer 0 up',
    'layer 1 up',
    'rotary.inv_freq',
    'vision.encoder.layers.0.mlp.fc1.weight',
  ])
})

test('readRoles() bears hostile names and shapes', () => {
  const hostile = {
    [`${'a.'.repeat(400)}layers.0.mlp.up_proj.weight`]: [160, 64],
    __proto__x: [0, 64],
    'layers.99999999999.mlp.up_proj.weight': [1, 1],
    '': [],
  }
  assert.doesNotThrow(() => readRoles(factsOf(hostile)))
  const many = Object.fromEntries(Array.from({ length: 1100 }, (_, n) => [`layers.${n}.mlp.up_proj.weight`, [2, 2]]))
  assert.match(readRoles(factsOf(many)).unusable ?? '', /1100 layers/)
})
