/** Cases of TW-CFG. */
import type { FileFacts, ReferenceFact } from '../../formats/index.ts'
import { anomaly, answering, card, file, hit, miss, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

const CONFIG = { path: 'config.json', format: 'hf-config' } as const
const TOKENIZER = { path: 'tokenizer.json', format: 'hf-tokenizer' } as const
const HUB = { kind: 'hub', ref: 'hf:acme/net', location: 'acme/net' } as const

function pointing(kind: ReferenceFact['kind'], target: string, locus: string, path = 'config.json'): CaseSubject {
  return subjectOf([file(path, 'hf-config', { references: [{ kind, target, locus }] }), card()], { source: HUB })
}

function adapter(fields: Readonly<Record<string, unknown>>, changes: Partial<FileFacts> = {}): CaseSubject {
  const metadata = Object.entries(fields).map(([key, value]) => ({ key: `/${key}`, type: 'string', value }))
  return subjectOf([file('adapter_config.json', 'hf-config', { metadata, ...changes }), card()])
}

function requiring(text: string, path = 'requirements.txt'): CaseSubject {
  return subjectOf([file(path, 'text', { texts: [{ locus: 'text', text }] }), card()])
}

function between(code: string): CaseSubject {
  return subjectOf([file(CONFIG.path, CONFIG.format), card()], { anomalies: [{ path: CONFIG.path, ...anomaly(code) }] })
}

const REFERENCES: readonly RuleCase[] = [
  hit('TW-CFG-01', 'auto_map to a file of its own', pointing('code', 'modeling_net.Net', '/auto_map/AutoModel')),
  hit(
    'TW-CFG-01',
    'auto_map to its own repository by name',
    pointing('code', 'acme/net--modeling_net.Net', '/auto_map/AutoModel'),
  ),
  miss(
    'TW-CFG-01',
    'auto_map to another repository',
    pointing('code', 'other/net--modeling_net.Net', '/auto_map/AutoModel'),
  ),
  miss('TW-CFG-01', 'a class of the framework', pointing('class', 'LlamaForCausalLM', '/_class_name')),
  miss(
    'TW-CFG-01',
    'a Python file beside the model',
    subjectOf([
      file('modeling.py', 'text', {
        reading: 'recognised',
        references: [{ kind: 'code', target: 'modeling.py', locus: 'file' }],
      }),
    ]),
  ),
  hit(
    'TW-CFG-02',
    'auto_map to another repository',
    pointing('code', 'other/net--modeling_net.Net', '/auto_map/AutoModel'),
  ),
  hit('TW-CFG-02', 'a pipeline of another repository', pointing('code', 'other/pipeline', '/custom_pipeline')),
  miss(
    'TW-CFG-02',
    'auto_map to its own repository by name',
    pointing('code', 'acme/net--modeling_net.Net', '/auto_map/AutoModel'),
  ),
  miss('TW-CFG-02', 'a pipeline in a file of its own', pointing('code', 'pipeline.py', '/custom_pipeline')),
  hit('TW-CFG-03', 'a _target_ of the standard library', pointing('class', 'os.system', '/model/_target_')),
  hit('TW-CFG-03', 'a module of unknown make', pointing('class', 'evil.Module', '/0/type', 'modules.json')),
  miss('TW-CFG-03', 'a layer of torch', pointing('class', 'torch.nn.Linear', '/model/_target_')),
  miss(
    'TW-CFG-03',
    'a module of sentence-transformers',
    pointing('class', 'sentence_transformers.models.Pooling', '/0/type', 'modules.json'),
  ),
  miss('TW-CFG-03', 'a type in another file', pointing('class', 'some.Type', '/0/type')),
  hit('TW-CFG-05', 'a step upwards', pointing('path', '../../etc/passwd', '/vocab_file')),
  hit('TW-CFG-05', 'an absolute path', pointing('path', '/etc/ssl/key.pem', '/vocab_file')),
  ...answering({
    rule: 'TW-CFG-05',
    path: 'model.safetensors.index.json',
    format: 'safetensors-index',
    hits: ['stn-index-path'],
    misses: ['stn-index-missing-shard'],
  }),
  miss(
    'TW-CFG-05',
    'a place that the vendor trained in',
    pointing('path', '/home/me/checkpoint-500', '/_name_or_path'),
  ),
  miss(
    'TW-CFG-05',
    'a route in a description of a service',
    pointing('path', '/v1/tags/list', '/requestUri', 'service-2.json'),
  ),
  miss(
    'TW-CFG-06',
    'an address in a description of a service',
    pointing('url', 'https://docs.invalid/x', '/x', 'service-2.json'),
  ),
  miss('TW-CFG-05', 'a token that begins with a slash', pointing('path', '/INST', '/eos_token')),
  hit('TW-CFG-06', 'a webhook', pointing('url', 'https://example.net/hook', '/callback')),
  hit('TW-CFG-06', 'a bucket', pointing('url', 's3://bucket/model', '/weights')),
  miss('TW-CFG-06', 'the address of the licence', pointing('url', 'https://example.net/license', '/license_link')),
  miss(
    'TW-CFG-06',
    'a link in a model card',
    subjectOf([
      file('README.md', 'hf-card', {
        references: [{ kind: 'url', target: 'https://example.net', locus: '/license_link' }],
      }),
    ]),
  ),
]

const PAPERS: readonly RuleCase[] = [
  hit('TW-CFG-04', 'a dependency without version', requiring('torch\n')),
  hit('TW-CFG-04', 'another index', requiring('torch==2.1.0\n--extra-index-url https://packages.invalid/simple\n')),
  hit(
    'TW-CFG-04',
    'a dependency from a repository',
    requiring('net @ git+https://example.net/net.git\ntorch==2.4.0\n'),
  ),
  miss(
    'TW-CFG-04',
    'pinned dependencies and comments',
    requiring('# needs\ntorch==2.4.0\nnumpy==1.26.4 ; python_version < "3.13"\n-r base.txt\n'),
  ),
  miss('TW-CFG-04', 'a list of words in another file', requiring('torch\n', 'notes.txt')),
  hit('TW-CFG-09', 'no base model', adapter({ peft_type: 'LORA' })),
  hit(
    'TW-CFG-09',
    'a base model on the vendor’s machine',
    adapter({ base_model_name_or_path: '/mnt/models/base', revision: 'abc' }),
  ),
  hit('TW-CFG-09', 'a base model without revision', adapter({ base_model_name_or_path: 'acme/base', revision: null })),
  hit('TW-CFG-09', 'adapter weights without a configuration', between('adapter-config-missing')),
  miss(
    'TW-CFG-09',
    'a base model at a commit',
    adapter({ base_model_name_or_path: 'acme/base', revision: '0'.repeat(40) }),
  ),
  miss('TW-CFG-09', 'a configuration that is no adapter’s', pointing('repository', 'acme/base', '/_name_or_path')),
]

/** See the module. */
export const CONFIG_CASES: readonly RuleCase[] = [
  ...REFERENCES,
  ...PAPERS,
  hit('TW-CFG-07', 'a configuration of another size', between('config-contradicts-tensors')),
  hit('TW-CFG-07', 'a vocabulary beyond the embedding', between('tokenizer-contradicts-tensors')),
  miss('TW-CFG-07', 'templates that differ', between('template-sources-disagree')),
  miss('TW-CFG-07', 'a part that is missing', between('split-missing')),
  ...answering({
    rule: 'TW-CFG-08',
    ...TOKENIZER,
    hits: ['tok-duplicate-id', 'tok-remapped', 'tok-rewriting'],
    misses: ['tok-merges', 'tok-bad-id'],
  }),
  ...answering({
    rule: 'TW-CFG-11',
    path: 'README.md',
    format: 'hf-card',
    hits: ['yaml-tag'],
    misses: ['yaml-alias', 'yaml-syntax'],
  }),
  hit(
    'TW-CFG-11',
    'a tag in the second card',
    subjectOf([card(), file('docs/README.md', 'hf-card', { anomalies: [anomaly('yaml-tag')] })]),
  ),
  ...answering({
    rule: 'TW-CFG-12',
    ...CONFIG,
    hits: ['json-duplicate-key', 'yaml-duplicate-key'],
    misses: ['json-non-finite', 'stn-duplicate-key'],
  }),
  ...answering({
    rule: 'TW-CFG-13',
    ...CONFIG,
    hits: ['json-bom', 'json-syntax', 'tok-merges'],
    misses: ['json-duplicate-key', 'tok-remapped'],
  }),
]
