/** Cases of TW-PKL: what a listing says. */
import type { FileFacts, OpcodeFact } from '../../formats/index.ts'
import { anomaly, answering, file, hit, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

const PICKLE = { path: 'model.pkl', format: 'pickle' } as const

function opcodes(names: readonly string[]): NonNullable<FileFacts['opcodes']> {
  const listed: OpcodeFact[] = names.map((name, index) => ({ offset: index, name }))
  return { count: listed.length, listed }
}

/** A pickle that names one global at its second opcode. */
function naming(target: string, names: readonly string[], changes: Partial<FileFacts> = {}): CaseSubject {
  const references: FileFacts['references'] = [{ kind: 'global', target, locus: 'op 1' }]
  return subjectOf([
    file(PICKLE.path, PICKLE.format, { reading: 'listed', references, opcodes: opcodes(names), ...changes }),
  ])
}

const CALLED = ['PROTO', 'GLOBAL', 'EMPTY_TUPLE', 'REDUCE', 'STOP']
const ONLY_NAMED = ['PROTO', 'GLOBAL', 'STOP']

const NAMES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-PKL-01',
    ...PICKLE,
    hits: ['pkl-executes-code'],
    misses: ['pkl-system-access', 'pkl-resolver'],
  }),
  hit('TW-PKL-01', 'os.system', naming('os.system', CALLED, { anomalies: [anomaly('pkl-executes-code', 'op 1')] })),
  ...answering({
    rule: 'TW-PKL-02',
    ...PICKLE,
    hits: ['pkl-builds-code'],
    misses: ['pkl-executes-code', 'pkl-nested'],
  }),
  hit(
    'TW-PKL-02',
    'types.CodeType',
    naming('types.CodeType', CALLED, { anomalies: [anomaly('pkl-builds-code', 'op 1')] }),
  ),
  ...answering({ rule: 'TW-PKL-03', ...PICKLE, hits: ['pkl-resolver'], misses: ['pkl-indirect-global', 'pkl-main'] }),
  hit(
    'TW-PKL-03',
    'builtins.getattr',
    naming('builtins.getattr', CALLED, { anomalies: [anomaly('pkl-resolver', 'op 1')] }),
  ),
  ...answering({
    rule: 'TW-PKL-04',
    ...PICKLE,
    hits: ['pkl-system-access'],
    misses: ['pkl-loads-more', 'pkl-executes-code'],
  }),
  hit('TW-PKL-04', 'io.open', naming('io.open', CALLED, { anomalies: [anomaly('pkl-system-access', 'op 1')] })),
  ...answering({ rule: 'TW-PKL-05', ...PICKLE, hits: ['pkl-loads-more'], misses: ['pkl-nested', 'pkl-system-access'] }),
  hit(
    'TW-PKL-05',
    'torch.hub.load',
    naming('torch.hub.load', CALLED, { anomalies: [anomaly('pkl-loads-more', 'op 1')] }),
  ),
  hit(
    'TW-PKL-06',
    'builtins.print',
    naming('builtins.print', CALLED, { anomalies: [anomaly('pkl-unlisted-called', 'global "builtins.print"')] }),
  ),
  ...answering({
    rule: 'TW-PKL-06',
    ...PICKLE,
    hits: ['pkl-unlisted-called'],
    misses: ['pkl-unlisted-referenced', 'pkl-executes-code'],
  }),
  hit(
    'TW-PKL-07',
    'my.Model',
    naming('my.Model', ONLY_NAMED, { anomalies: [anomaly('pkl-unlisted-referenced', 'global "my.Model"')] }),
  ),
  ...answering({
    rule: 'TW-PKL-07',
    ...PICKLE,
    hits: ['pkl-unlisted-referenced'],
    misses: ['pkl-unlisted-called', 'pkl-main'],
  }),
  ...answering({ rule: 'TW-PKL-19', ...PICKLE, hits: ['pkl-main'], misses: ['pkl-indirect-global', 'pkl-resolver'] }),
  hit('TW-PKL-19', '__main__.Net', naming('__main__.Net', CALLED, { anomalies: [anomaly('pkl-main', 'op 1')] })),
  ...answering({
    rule: 'TW-PKL-20',
    ...PICKLE,
    hits: ['pkl-disarms'],
    misses: ['pkl-executes-code', 'pkl-loads-more'],
  }),
  hit(
    'TW-PKL-20',
    'picklescan.scanner',
    naming('picklescan.scanner.scan', CALLED, { anomalies: [anomaly('pkl-disarms', 'op 1')] }),
  ),
]

const FORM: readonly RuleCase[] = [
  ...answering({ rule: 'TW-PKL-10', ...PICKLE, hits: ['pkl-nested'], misses: ['pkl-streams', 'pkl-builds-code'] }),
  hit(
    'TW-PKL-10',
    'a pickle in base64',
    naming('torch.Size', ONLY_NAMED, { anomalies: [anomaly('pkl-nested', 'op 3')] }),
  ),
  ...answering({ rule: 'TW-PKL-11', ...PICKLE, hits: ['pkl-frame'], misses: ['pkl-proto', 'pkl-length'] }),
  hit(
    'TW-PKL-11',
    'a frame that cuts through an opcode',
    naming('torch.Size', ONLY_NAMED, { anomalies: [anomaly('pkl-frame', 'op 2')] }),
  ),
  ...answering({
    rule: 'TW-PKL-12',
    ...PICKLE,
    hits: ['pkl-truncated', 'pkl-no-stop'],
    misses: ['pkl-after-stop', 'pkl-unknown-opcode'],
  }),
  ...answering({
    rule: 'TW-PKL-13',
    ...PICKLE,
    hits: ['pkl-unknown-opcode', 'pkl-extension', 'pkl-buffer', 'pkl-stack', 'pkl-memo'],
    misses: ['pkl-proto', 'pkl-number'],
  }),
  ...answering({
    rule: 'TW-PKL-14',
    ...PICKLE,
    hits: ['pkl-global-name', 'pkl-indirect-global'],
    misses: ['pkl-string', 'pkl-resolver'],
  }),
  ...answering({
    rule: 'TW-PKL-15',
    ...PICKLE,
    hits: ['pkl-proto', 'pkl-number', 'pkl-string'],
    misses: ['pkl-frame', 'pkl-extension'],
  }),
  ...answering({
    rule: 'TW-PKL-16',
    ...PICKLE,
    hits: ['pkl-length', 'pkl-expansion'],
    misses: ['pkl-truncated', 'budget-bytes'],
  }),
  hit(
    'TW-PKL-16',
    'a string of 2^40 bytes',
    naming('torch.Size', ONLY_NAMED, { anomalies: [anomaly('pkl-length', 'op 2')] }),
  ),
  ...answering({
    rule: 'TW-PKL-17',
    ...PICKLE,
    hits: ['pkl-after-stop', 'pkl-streams'],
    misses: ['pkl-no-stop', 'bytes-unclaimed'],
  }),
]

const USE: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-PKL-08',
    ...PICKLE,
    hits: ['pkl-signature'],
    misses: ['pkl-unlisted-called', 'pkl-wrong-target'],
  }),
  hit(
    'TW-PKL-08',
    'a codec that imports modules',
    naming('_codecs.encode', CALLED, { anomalies: [anomaly('pkl-signature', 'op 3')] }),
  ),
  ...answering({
    rule: 'TW-PKL-09',
    ...PICKLE,
    hits: ['pkl-tensor', 'pkl-wrong-target'],
    misses: ['pkl-signature', 'pkl-stack'],
  }),
  ...answering({
    rule: 'TW-PKL-18',
    ...PICKLE,
    hits: ['pkl-persistent-id'],
    misses: ['pkl-tensor', 'pkl-extension'],
  }),
  hit(
    'TW-PKL-18',
    'a persistent id in a plain pickle',
    naming('torch.FloatStorage', ONLY_NAMED, { anomalies: [anomaly('pkl-persistent-id', 'op 2')] }),
  ),
  ...answering({ rule: 'TW-PKL-21', ...PICKLE, hits: ['pkl-magic'], misses: ['pkl-streams', 'pkl-number'] }),
  hit(
    'TW-PKL-21',
    'a magic number out of a sum',
    naming('operator.add', CALLED, { anomalies: [anomaly('pkl-magic', 'stream 0')] }),
  ),
]

/** See the module. */
export const PICKLE_CASES: readonly RuleCase[] = [...NAMES, ...FORM, ...USE]
