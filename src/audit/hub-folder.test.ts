/** What the audit says of the files that ordinary repositories of a hub hold beside the weights: nothing. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openArtefact, parseReference } from '../artefact/index.ts'
import { readFacts, type ArtefactFacts } from '../formats/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { f32Tensor, writeSafetensors } from '../testing/safetensors.ts'
import { audit } from './audit.ts'
import type { AuditReport } from './finding.ts'

const LICENCE = readFileSync(join(import.meta.dirname, '../../LICENSE'))
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const TOKENS = ['<s>', '</s>', 'a', 'b', 'ab', 'Ġc', 'Ġ', '<pad>']

/** Path and content of each. */
const FILES: ReadonlyMap<string, string | Uint8Array> = new Map<string, string | Uint8Array>([
  ['.gitattributes', '*.7z filter=lfs diff=lfs merge=lfs -text\n*.bin filter=lfs diff=lfs merge=lfs -text\n'],
  ['.gitignore', 'checkpoint-*/\n'],
  ['README.md', '---\nlicense: apache-2.0\nlanguage:\n- en\n---\n# Oak\n\nSee [the paper](https://example.org).\n'],
  ['LICENSE', LICENCE],
  ['USE_POLICY.md', '# How it may be used\n'],
  ['NOTICE', 'Copyright the authors\n'],
  ['requirements.txt', 'torch==2.4.0\nnumpy==1.26.4\n'],
  ['config.json', json({ architectures: ['LlamaForCausalLM'], hidden_size: 8, model_type: 'llama', vocab_size: 8 })],
  ['generation_config.json', json({ do_sample: true, temperature: 0.6 })],
  ['preprocessor_config.json', json({ do_resize: true, image_mean: [0.5, 0.5, 0.5], size: { height: 224 } })],
  ['special_tokens_map.json', json({ bos_token: '<s>', eos_token: { content: '</s>', lstrip: false } })],
  ['tokenizer_config.json', json({ tokenizer_class: 'LlamaTokenizer', chat_template: '{{ messages[0].content }}' })],
  ['added_tokens.json', json({ '<pad>': 7 })],
  ['vocab.json', json(Object.fromEntries(TOKENS.map((token, id) => [token, id])))],
  ['merges.txt', '#version: 0.2\na b\nĠ c\n'],
  ['vocab.txt', '[PAD]\n[UNK]\n[CLS]\nthe\n##s\n'],
  ['modules.json', json([{ idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' }])],
  ['1_Pooling/config.json', json({ word_embedding_dimension: 8, pooling_mode_mean_tokens: true })],
  ['sentence_bert_config.json', json({ max_seq_length: 512, do_lower_case: false })],
  ['all_results.json', json({ eval_loss: 1.5 })],
  ['eval/results.csv', 'epoch,steps,cosine\n0,1,0.5\n'],
  ['params.yaml', 'data: /raid/corpus/train.json\nmodel:\n  _target_: torch.nn.Linear\n  sizes: [1, 2]\n'],
  ['MLmodel', 'flavors:\n  python_function:\n    loader_module: mlflow.transformers\n    python_version: 3.11.7\n'],
  ['conda.yaml', 'channels:\n- conda-forge\ndependencies:\n- python=3.11\n- pip:\n  - torch==2.4.0\nname: oak\n'],
  ['thumbnail.gif', Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')],
  [
    'runs/Nov26/events.out.tfevents.1795681907.vm',
    Buffer.from('GAAAAAAAAACjf0siCQGK/pz7wdpBGg1icmFpbi5FdmVudDoyl3mxZw==', 'base64'),
  ],
  ['model.safetensors', writeSafetensors([f32Tensor('lm_head.weight', [8, 8], new Float32Array(64))])],
])

type Files = ReadonlyMap<string, string | Uint8Array>

async function auditFolder(context: TestContext, files: Files): Promise<[ArtefactFacts, AuditReport]> {
  const folder = temporaryFolder(context)
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const opened = await openArtefact(parseReference(folder), { cacheFolder: folder, blocks: false, threads: 0 })
  const facts = await readFacts(opened, { isolation: 'in-process' })
  return [facts, audit(opened.artefact, facts)]
}

test('audit() reads every file of an ordinary repository in full and objects to none', async (context) => {
  const [{ files }, report] = await auditFolder(context, FILES)
  assert.deepEqual(
    files.filter(({ reading }) => reading !== 'full').map(({ path, reading }) => [path, reading]),
    [],
  )
  assert.deepEqual(
    report.findings.filter(({ grade }) => grade !== 'advisory').map(({ rule, path, message }) => [rule, path, message]),
    [],
  )
  assert.equal(report.verdict, 'no-finding')
})

test('audit() objects to one such file when it is made to harm', async (context) => {
  const harmful: ReadonlyMap<string, string> = new Map([
    ['params.yaml', 'model: !!python/object/apply:os.system ["id"]\n'],
    ['conda.yaml', 'model:\n  _target_: os.system\n  command: id\n'],
    ['MLmodel', 'flavors:\n  python_function:\n    loader_module: subprocess\n'],
    ['graph.xml', '<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hosts">]><net name="&x;" version="11"/>'],
    ['thumbnail.gif', `${Buffer.from(FILES.get('thumbnail.gif') ?? '').toString('latin1')}payload`],
  ])
  for (const [path, content] of harmful) {
    const [, report] = await auditFolder(context, new Map([...FILES, [path, Buffer.from(content, 'latin1')]]))
    assert.equal(report.verdict, 'defect', path)
  }
})
