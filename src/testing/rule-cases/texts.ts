/** Cases of TW-TPL, TW-SEC, TW-LIC and TW-IDN: what stands in texts, cards and names. */
import type { FileFacts } from '../../formats/index.ts'
import { anomaly, card, file, hit, miss, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

function template(text: string, locus = 'tokenizer.chat_template'): CaseSubject {
  return subjectOf([file('model.gguf', 'gguf', { texts: [{ locus, text }] }), card()])
}

function saying(value: unknown): CaseSubject {
  return subjectOf([file('config.json', 'hf-config', { metadata: [{ key: '/note', type: 'string', value }] }), card()])
}

function licensed(licence: unknown, changes: Partial<FileFacts> = {}): CaseSubject {
  return subjectOf([
    file('README.md', 'hf-card', { metadata: [{ key: '/license', type: 'string', value: licence }], ...changes }),
    file('model.safetensors', 'safetensors'),
  ])
}

function withText(declared: string, text: string): CaseSubject {
  return subjectOf([card(declared), file('LICENSE', 'text', { texts: [{ locus: 'text', text }] })])
}

function published(location: string): CaseSubject {
  return subjectOf([file('model.safetensors', 'safetensors'), card()], {
    source: { kind: 'hub', ref: `hf:${location}`, location },
  })
}

const APACHE =
  '   Apache License\n  Version 2.0, January 2004\n TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION'
const MIT =
  'Permission is hereby granted, free of charge, to any person obtaining a copy … substantial portions of the Software'
/** Made of letters drawn for this test; they open nothing. */
const TOKEN = ['hf_', 'QmZrTbWnXcVyLkJhGfDsApOiUeYtRwQzMx'].join('')
const KEY = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDc8kLr4nVt2Wq', ''].join(
  '\n',
)
const AWS = ['AKIA', 'Q3EGRZ7YVWLN5KXD'].join('')

const TEMPLATES: readonly RuleCase[] = [
  hit('TW-TPL-01', 'a template that walks to os', template("{{ ''.__class__.__mro__[1].__subclasses__() }}")),
  hit(
    'TW-TPL-01',
    'internals by subscript',
    template("{% for m in messages %}{{ cycler['__init__']['__globals__'] }}{% endfor %}"),
  ),
  hit('TW-TPL-01', 'an underscore by its number', template("{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}")),
  hit('TW-TPL-01', 'the attr filter', template("{{ lipsum|attr('get') }}")),
  miss(
    'TW-TPL-01',
    'an ordinary template',
    template("{% for m in messages %}{{ '<|im_start|>' + m['role'] + m.content }}{% endfor %}"),
  ),
  miss(
    'TW-TPL-01',
    'a marker that looks like an internal',
    template("{{ '<__media__>' + message.content }} __init__ is mentioned in text"),
  ),
  miss('TW-TPL-01', 'internals in a comment', template('{# never use __class__ #}{{ bos_token }}')),
  hit('TW-TPL-02', 'an include', template("{% include 'other.jinja' %}")),
  hit('TW-TPL-02', 'an import with trimmed space', template("{%- from 'macros' import render -%}")),
  miss('TW-TPL-02', 'a macro of its own', template('{% macro render(m) %}{{ m }}{% endmacro %}{{ render(messages) }}')),
  miss('TW-TPL-02', 'the word in text', template("include this {{ 'import' }} {% if imports %}{% endif %}")),
  hit('TW-TPL-05', 'a zero-width space', template('Hello\u200b {{ x }}')),
  hit('TW-TPL-05', 'tag characters', template('Hello \u{e0041}\u{e0042}')),
  miss('TW-TPL-05', 'a joiner in an emoji', template('Family: \u{1f468}\u200d\u{1f469}\u200d\u{1f467}')),
  miss('TW-TPL-05', 'invisible characters in another text', template('a\u200bb', 'general.description')),
  hit(
    'TW-TPL-06',
    'templates that differ',
    subjectOf([file('tokenizer_config.json', 'hf-tokenizer')], {
      anomalies: [{ path: 'tokenizer_config.json', ...anomaly('template-sources-disagree') }],
    }),
  ),
  hit(
    'TW-TPL-06',
    'a template beside GGUF that differs',
    subjectOf([file('model.gguf', 'gguf'), card()], {
      anomalies: [{ path: 'model.gguf', ...anomaly('template-sources-disagree') }],
    }),
  ),
  miss('TW-TPL-06', 'one template', template('{{ messages }}')),
  miss(
    'TW-TPL-06',
    'a configuration that contradicts the tensors',
    subjectOf([card()], { anomalies: [{ path: 'README.md', ...anomaly('config-contradicts-tensors') }] }),
  ),
]

const SECRETS: readonly RuleCase[] = [
  hit('TW-SEC-01', 'a token in a configuration', saying(`token=${TOKEN}`)),
  hit('TW-SEC-01', 'an access key in a list', saying(['region', AWS])),
  hit(
    'TW-SEC-01',
    'a private key in a card',
    subjectOf([
      file('README.md', 'hf-card', {
        texts: [
          {
            locus: 'body',
            text: KEY,
          },
        ],
      }),
    ]),
  ),
  miss('TW-SEC-01', 'a placeholder', saying(`hf_${'x'.repeat(34)}`)),
  miss('TW-SEC-01', 'the key of the documentation', saying('AKIAIOSFODNN7EXAMPLE')),
  miss('TW-SEC-01', 'a token that is too short', saying('hf_QmZrTbWnXcVyLkJhGfDs')),
  miss('TW-SEC-01', 'a header without a key', saying('starts with -----BEGIN PRIVATE KEY----- and so on')),
  miss('TW-SEC-01', 'a digest', saying('a3f1c2d4e5b6978812345678deadbeefa3f1c2d4e5b697881234567812345678')),
]

const LICENCES: readonly RuleCase[] = [
  hit('TW-LIC-01', 'no papers at all', subjectOf([file('model.safetensors', 'safetensors')])),
  hit('TW-LIC-01', 'a licence that nobody knows', licensed('my-own-licence-1.0')),
  hit('TW-LIC-01', 'other, without a name', licensed('other')),
  hit(
    'TW-LIC-01',
    'a licence text that nobody knows',
    subjectOf([
      file('model.gguf', 'gguf'),
      file('LICENSE', 'text', { texts: [{ locus: 'text', text: 'Do as you please on Mondays.' }] }),
    ]),
  ),
  miss('TW-LIC-01', 'an SPDX identifier in lower case', licensed('apache-2.0')),
  miss(
    'TW-LIC-01',
    'a licence in the metadata of safetensors',
    subjectOf([
      file('m.safetensors', 'safetensors', {
        metadata: [{ key: '/__metadata__/modelspec.license', type: 'string', value: 'CreativeML-OpenRAIL-M' }],
      }),
    ]),
  ),
  miss('TW-LIC-01', 'a configuration alone', subjectOf([file('config.json', 'hf-config')])),
  miss('TW-LIC-01', 'an SPDX expression', licensed('MIT OR Apache-2.0')),
  miss('TW-LIC-01', 'a licence of models', licensed('llama3.1')),
  miss(
    'TW-LIC-01',
    'other, with a known name',
    licensed('other', {
      metadata: [
        { key: '/license', type: 'string', value: 'other' },
        { key: '/license_name', type: 'string', value: 'qwen' },
      ],
    }),
  ),
  miss(
    'TW-LIC-01',
    'general.license of a GGUF file',
    subjectOf([
      file('m.gguf', 'gguf', { metadata: [{ key: 'general.license', type: 'string', value: 'apache-2.0' }] }),
    ]),
  ),
  miss(
    'TW-LIC-01',
    'a licence text alone',
    subjectOf([file('model.gguf', 'gguf'), file('LICENSE', 'text', { texts: [{ locus: 'text', text: APACHE }] })]),
  ),
  hit('TW-LIC-02', 'MIT declared, the text of Apache-2.0', withText('mit', APACHE)),
  hit('TW-LIC-02', 'a licence of models declared, the text of MIT', withText('gemma', MIT)),
  miss('TW-LIC-02', 'Apache-2.0 declared, its text', withText('apache-2.0', APACHE)),
  miss('TW-LIC-02', 'one of two declared, its text', withText('MIT OR Apache-2.0', MIT)),
  miss('TW-LIC-02', 'a text that nobody knows', withText('mit', 'All rights reserved, more or less.')),
]

const NAMES: readonly RuleCase[] = [
  hit('TW-IDN-01', 'a nought for an o', published('g00gle/gemma-2b')),
  hit('TW-IDN-01', 'a dropped separator', published('metallama/Llama-3.1-8B')),
  miss('TW-IDN-01', 'the publisher itself, in another case', published('META-LLAMA/Llama-3.1-8B')),
  miss('TW-IDN-01', 'another name that resembles it', published('meta-llama-fans/Llama-3.1-8B')),
  miss('TW-IDN-01', 'a folder', subjectOf([card()], { source: { kind: 'folder', ref: 'g00gle/gemma' } })),
]

/** See the module. */
export const TEXT_CASES: readonly RuleCase[] = [...TEMPLATES, ...SECRETS, ...LICENCES, ...NAMES]
