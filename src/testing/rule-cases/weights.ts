/** Cases of TW-STN and TW-GGF: what the readers note, code by code. */
import { anomaly, answering, card, file, hit, miss, subjectOf, type RuleCase } from './build.ts'

const STN = { path: 'model.safetensors', format: 'safetensors' } as const
const INDEX = { path: 'model.safetensors.index.json', format: 'safetensors-index' } as const
const GGUF = { path: 'model.gguf', format: 'gguf' } as const

function folderWith(code: string): ReturnType<typeof subjectOf> {
  return subjectOf([file(GGUF.path, GGUF.format), card()], { anomalies: [{ path: GGUF.path, ...anomaly(code) }] })
}

/** See the module. */
export const WEIGHT_CASES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-STN-01',
    ...STN,
    hits: ['stn-header-length', 'stn-utf8', 'stn-json', 'stn-padding'],
    misses: ['stn-extra-field', 'stn-duplicate-key'],
  }),
  ...answering({ rule: 'TW-STN-02', ...STN, hits: ['stn-duplicate-key'], misses: ['stn-name', 'stn-overlap'] }),
  hit(
    'TW-STN-02',
    'two tensors of one name',
    subjectOf([file('b.safetensors', 'safetensors', { anomalies: [anomaly('stn-duplicate-key', 'tensor "a"')] })]),
  ),
  ...answering({
    rule: 'TW-STN-03',
    ...STN,
    hits: ['stn-overflow', 'stn-span', 'stn-outside-file', 'stn-gap', 'stn-overlap', 'stn-end'],
    misses: ['stn-dtype', 'stn-header-length'],
  }),
  ...answering({
    rule: 'TW-STN-04',
    ...STN,
    hits: ['stn-header-share', 'stn-count'],
    misses: ['stn-header-length', 'budget-items'],
  }),
  ...answering({
    rule: 'TW-STN-05',
    ...STN,
    hits: ['stn-dtype', 'stn-extra-field', 'stn-metadata-type'],
    misses: ['stn-missing-field', 'stn-span'],
  }),
  ...answering({
    rule: 'TW-STN-06',
    ...INDEX,
    hits: ['stn-index-missing-shard', 'stn-index-extra-tensor'],
    misses: ['stn-index-total-size', 'stn-index-path'],
  }),
  hit(
    'TW-STN-06',
    'a shard beside the index that it does not name',
    subjectOf([file(INDEX.path, INDEX.format)], {
      anomalies: [{ path: INDEX.path, ...anomaly('stn-index-extra-shard') }],
    }),
  ),
  ...answering({
    rule: 'TW-GGF-01',
    ...GGUF,
    hits: ['ggf-count', 'ggf-overflow'],
    misses: ['ggf-limit', 'ggf-outside-file'],
  }),
  ...answering({
    rule: 'TW-GGF-02',
    ...GGUF,
    hits: ['ggf-outside-file', 'ggf-offset', 'ggf-overlap', 'ggf-misaligned', 'ggf-end'],
    misses: ['ggf-overflow', 'ggf-alignment'],
  }),
  ...answering({
    rule: 'TW-GGF-03',
    ...GGUF,
    hits: ['ggf-duplicate-key', 'ggf-duplicate-tensor'],
    misses: ['ggf-duplicate-tokens', 'ggf-overlap'],
  }),
  hit('TW-GGF-03', 'two files that are one part', folderWith('split-duplicate')),
  ...answering({
    rule: 'TW-GGF-04',
    ...GGUF,
    hits: ['ggf-tensor-type', 'ggf-alignment', 'ggf-dimensions', 'ggf-nested-array', 'ggf-key-name'],
    misses: ['ggf-obsolete', 'ggf-misaligned'],
  }),
  ...answering({
    rule: 'TW-GGF-05',
    ...GGUF,
    hits: ['ggf-length', 'ggf-truncated'],
    misses: ['ggf-count', 'truncated'],
  }),
  ...answering({
    rule: 'TW-GGF-06',
    ...GGUF,
    hits: ['ggf-block-count', 'ggf-vocabulary', 'ggf-file-type'],
    misses: ['ggf-missing-key'],
  }),
  hit('TW-GGF-06', 'parts that hold another number of tensors', folderWith('split-tensors')),
  miss('TW-GGF-06', 'a part that is missing', folderWith('split-missing')),
  ...answering({ rule: 'TW-GGF-07', ...GGUF, hits: ['ggf-obsolete'], misses: ['ggf-version', 'ggf-missing-key'] }),
  hit(
    'TW-GGF-07',
    'a GGJT file',
    subjectOf([file('old.bin', 'gguf', { reading: 'unread', anomalies: [anomaly('ggf-obsolete')] })]),
  ),
]
