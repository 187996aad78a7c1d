/** Cases of TW-SYS, TW-FILE and TW-ARC. */
import { anomaly, answering, card, file, hit, miss, problem, subjectOf, type RuleCase } from './build.ts'

const GGUF = { path: 'model.gguf', format: 'gguf' } as const
const MODEL = file('model.gguf', 'gguf')

const SYSTEM: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-SYS-01',
    ...GGUF,
    hits: ['reader-crashed', 'budget-bytes', 'empty-file'],
    misses: ['ggf-count', 'unknown-format'],
  }),
  hit(
    'TW-SYS-01',
    'an anomaly that no rule knows',
    subjectOf([file('m', 'gguf', { anomalies: [anomaly('from-the-future')] }), card()]),
  ),
  hit('TW-SYS-01', 'a file that says full and is not covered', subjectOf([file('m', 'gguf', { claims: [] }), card()])),
  miss(
    'TW-SYS-01',
    'a file that was only recognised',
    subjectOf([file('m', 'onnx', { reading: 'recognised', claims: [] }), card()]),
  ),
]

const FILES: readonly RuleCase[] = [
  ...answering({ rule: 'TW-FILE-01', ...GGUF, hits: ['extension-mismatch'], misses: ['polyglot', 'unknown-format'] }),
  hit(
    'TW-FILE-01',
    'a pickle called safetensors',
    subjectOf([file('a.safetensors', 'pickle', { reading: 'listed', anomalies: [anomaly('extension-mismatch')] })]),
  ),
  ...answering({ rule: 'TW-FILE-02', ...GGUF, hits: ['polyglot'], misses: ['extension-mismatch', 'bytes-unclaimed'] }),
  hit(
    'TW-FILE-02',
    'a zip behind safetensors',
    subjectOf([file('a.safetensors', 'safetensors', { anomalies: [anomaly('polyglot', 'tail')] })]),
  ),
  ...answering({
    rule: 'TW-FILE-03',
    ...GGUF,
    hits: ['bytes-unclaimed', 'bytes-claimed-twice', 'padding-not-zero', 'truncated', 'ggf-trailing-bytes'],
    misses: ['ggf-end', 'polyglot'],
  }),
  ...answering({
    rule: 'TW-FILE-04',
    path: 'run.exe',
    format: 'pe',
    hits: ['rec-executable'],
    misses: ['rec-opaque', 'rec-source-code'],
  }),
  hit(
    'TW-FILE-04',
    'a shared library',
    subjectOf([file('libm.so', 'elf', { reading: 'recognised', anomalies: [anomaly('rec-executable')] })]),
  ),
  ...answering({
    rule: 'TW-FILE-05',
    path: 'engine.plan',
    format: 'tensorrt',
    hits: ['rec-opaque', 'unknown-format', 'rec-code-on-load'],
    misses: ['rec-executable', 'rec-archive'],
  }),
  ...answering({ rule: 'TW-FILE-06', ...GGUF, hits: ['changed-while-read', 'rec-pointer'], misses: ['truncated'] }),
  hit(
    'TW-FILE-06',
    'a digest that the hub does not declare',
    subjectOf([MODEL], { problems: [problem('hub-digest', 'model.gguf', false)] }),
  ),
  hit('TW-FILE-06', 'facts of fewer bytes than came in', {
    ...subjectOf([MODEL]),
    facts: subjectOf([file('model.gguf', 'gguf', { size: 99 })]).facts,
  }),
  miss(
    'TW-FILE-06',
    'facts of as many bytes as came in',
    subjectOf([MODEL], { problems: [problem('name-case-twin', 'model.gguf', false)] }),
  ),
  ...answering({
    rule: 'TW-FILE-07',
    ...GGUF,
    hits: ['ggf-odd-characters', 'stn-name', 'text-invisible'],
    misses: ['ggf-key-name'],
  }),
  hit(
    'TW-FILE-07',
    'a file name with a control character',
    subjectOf([MODEL], { problems: [problem('name-control', 'a\\u0007')] }),
  ),
  hit(
    'TW-FILE-07',
    'a file name with a bidirectional override',
    subjectOf([MODEL], { problems: [problem('name-confusable', 'a\\u202eb', false)] }),
  ),
  miss('TW-FILE-07', 'a file name in another script', subjectOf([file('модель.gguf', 'gguf')])),
  miss(
    'TW-FILE-07',
    'two file names that differ in case',
    subjectOf([MODEL], { problems: [problem('name-case-twin', 'Model.gguf', false)] }),
  ),
  hit(
    'TW-FILE-08',
    'a declared file that is not there',
    subjectOf([MODEL], { options: { declared: ['model.gguf', 'config.json'] } }),
  ),
  hit(
    'TW-FILE-08',
    'a file that was not declared',
    subjectOf([MODEL, card()], { options: { declared: ['model.gguf'] } }),
  ),
  hit(
    'TW-FILE-08',
    'a missing part of a split model',
    subjectOf([MODEL], { anomalies: [{ path: 'model.gguf', ...anomaly('split-missing') }] }),
  ),
  miss(
    'TW-FILE-08',
    'the declared files in another order',
    subjectOf([MODEL, card()], { options: { declared: ['README.md', 'model.gguf'] } }),
  ),
  miss('TW-FILE-08', 'no declaration', subjectOf([MODEL])),
]

const ARCHIVES: readonly RuleCase[] = [
  hit(
    'TW-ARC-01',
    'a name with a step upwards',
    subjectOf([MODEL], { problems: [problem('name-escapes', '../model.gguf')] }),
  ),
  hit('TW-ARC-01', 'an absolute name', subjectOf([], { problems: [problem('name-escapes', '/etc/cron.d/x')] })),
  miss('TW-ARC-01', 'a name with two dots in it', subjectOf([file('model..gguf', 'gguf')])),
  miss('TW-ARC-01', 'a link that was left out', subjectOf([MODEL], { problems: [problem('symlink', 'latest')] })),
  hit('TW-ARC-02', 'a link', subjectOf([MODEL], { problems: [problem('symlink', 'latest.gguf')] })),
  hit('TW-ARC-02', 'a loop of links', subjectOf([MODEL], { problems: [problem('link-loop', 'a')] })),
  hit('TW-ARC-02', 'a pipe', subjectOf([MODEL], { problems: [problem('not-a-file', 'fifo')] })),
  miss('TW-ARC-02', 'a name that escapes', subjectOf([MODEL], { problems: [problem('name-escapes', '../a')] })),
  miss('TW-ARC-02', 'a plain folder', subjectOf([MODEL, card()])),
  hit(
    'TW-ARC-05',
    'names that differ in case',
    subjectOf([MODEL], { problems: [problem('name-case-twin', 'Model.gguf', false)] }),
  ),
  hit(
    'TW-ARC-05',
    'names that differ in Unicode form',
    subjectOf([MODEL], { problems: [problem('name-form-twin', 'modèle.gguf', false)] }),
  ),
  miss(
    'TW-ARC-05',
    'names that differ in a letter',
    subjectOf([file('model-a.gguf', 'gguf'), file('model-b.gguf', 'gguf')]),
  ),
  miss('TW-ARC-05', 'one name in two folders', subjectOf([file('a/model.gguf', 'gguf'), file('b/model.gguf', 'gguf')])),
  ...answering({
    rule: 'TW-ARC-07',
    path: 'model.7z',
    format: '7z',
    hits: ['rec-archive'],
    misses: ['rec-opaque', 'unknown-format'],
  }),
  hit(
    'TW-ARC-07',
    'a rar',
    subjectOf([file('model.rar', 'rar', { reading: 'recognised', anomalies: [anomaly('rec-archive')] })]),
  ),
]

/** See the module. */
export const FILE_CASES: readonly RuleCase[] = [...SYSTEM, ...FILES, ...ARCHIVES]
