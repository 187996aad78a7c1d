/** Cases of TW-ARC that members of archives give rise to, and of programs. */
import { answering, type RuleCase } from './build.ts'

const ZIP = { path: 'model.zip', format: 'zip' } as const

/** See the module. */
export const ARCHIVE_CASES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-ARC-01',
    ...ZIP,
    hits: ['zip-escape', 'tar-escape'],
    misses: ['zip-backslash', 'zip-link'],
  }),
  ...answering({
    rule: 'TW-ARC-02',
    ...ZIP,
    hits: ['zip-link', 'tar-link'],
    misses: ['zip-escape', 'zip-folder-data'],
  }),
  ...answering({
    rule: 'TW-ARC-03',
    ...ZIP,
    hits: ['zip-overlap', 'zip-ratio', 'expansion-bomb', 'budget-nesting'],
    misses: ['budget-unpacked', 'budget-members', 'zip-size'],
  }),
  ...answering({
    rule: 'TW-ARC-04',
    ...ZIP,
    hits: ['zip-views-disagree', 'zip-name-differs', 'zip-hidden-member', 'zip-descriptor', 'zip-no-end'],
    misses: ['zip-crc', 'zip-comment', 'zip-zip64'],
  }),
  ...answering({
    rule: 'TW-ARC-05',
    ...ZIP,
    hits: ['zip-duplicate-name', 'zip-name-twin'],
    misses: ['zip-name-differs'],
  }),
  ...answering({
    rule: 'TW-ARC-06',
    ...ZIP,
    hits: ['zip-encrypted', 'zip-encrypted'],
    misses: ['zip-method', 'zip-views-disagree'],
  }),
  ...answering({
    rule: 'TW-ARC-07',
    ...ZIP,
    hits: ['zip-method', 'zip-multi-disk', 'stream-unsupported'],
    misses: ['zip-encrypted'],
  }),
  ...answering({
    rule: 'TW-ARC-08',
    ...ZIP,
    hits: ['zip-crc', 'stream-check', 'stream-broken'],
    misses: ['zip-size', 'stream-truncated', 'zip-views-disagree'],
  }),
  ...answering({
    rule: 'TW-ARC-09',
    ...ZIP,
    hits: ['zip-prepended', 'zip-trailing', 'zip-comment', 'stream-trailing', 'stream-comment'],
    misses: ['zip-hidden-member', 'bytes-unclaimed'],
  }),
  ...answering({
    rule: 'TW-ARC-10',
    ...ZIP,
    hits: ['zip-unicode-path', 'zip-zip64', 'tar-override'],
    misses: ['zip-views-disagree', 'zip-extra'],
  }),
  ...answering({
    rule: 'TW-FILE-04',
    path: 'libm.so',
    format: 'elf',
    hits: ['exe-program', 'exe-program'],
    misses: ['exe-broken', 'exe-portable'],
  }),
  ...answering({
    rule: 'TW-EXE-01',
    path: 'model.llamafile',
    format: 'llamafile',
    hits: ['exe-portable', 'exe-portable'],
    misses: ['exe-program', 'zip-comment'],
  }),
]
