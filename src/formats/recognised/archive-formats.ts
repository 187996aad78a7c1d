/**
 * Archives and compressed files other than zip.
 */
import type { Predicate, RecognisedFormat } from './recognised-format.ts'
import { all, any, headIs, headIsHex, headMatches, isNamed } from './signatures.ts'

const UNOPENED = 'What is in it is not opened in this version.'
const ZLIB_LEVELS: readonly number[] = [0x01, 0x5e, 0x9c, 0xda]

/** A zlib header: method 8, window of 32 KiB, a check sum that divides by 31. */
const isZlib: Predicate = ({ head }) => head[0] === 0x78 && ZLIB_LEVELS.includes(head[1] ?? 0)

/** A tar header: its check sum is the sum of its bytes with the check sum taken as spaces. */
const isTar: Predicate = ({ head }) => {
  if (head.length < 512) return false
  const field = Buffer.from(head.subarray(148, 156)).toString('latin1').replaceAll('\0', ' ').trim()
  const sum = head.subarray(0, 512).reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
  return /^[0-7]{1,8}$/.test(field) && Number.parseInt(field, 8) === sum && sum > 256
}

function tarHolding(expression: RegExp): Predicate {
  const names: Predicate = ({ head }) => {
    const first = Buffer.from(head.subarray(0, 100)).toString('latin1').split('\0')[0] ?? ''
    return expression.test(first)
  }
  return all(isTar, names)
}

/** See the module. */
export const ARCHIVE_FORMATS: readonly RecognisedFormat[] = [
  {
    id: 'torch-tar',
    title: 'PyTorch checkpoint (tar, before 0.1.2)',
    kind: 'code-model',
    extensions: ['.pt', '.pth', '.tar'],
    magic: tarHolding(/^(\.\/)?(storages|tensors|pickle|sys_info)$/),
    danger: 'Holds pickles that run whatever they name.',
  },
  {
    id: 'nemo',
    title: 'NVIDIA NeMo model',
    kind: 'code-model',
    extensions: ['.nemo'],
    magic: any(tarHolding(/model_config\.yaml$|model_weights\.ckpt$/), all(isTar, isNamed('.nemo'))),
    danger: 'Its configuration names Python classes; its weights are a pickle.',
  },
  { id: 'tar', title: 'Tar archive', kind: 'archive', extensions: ['.tar'], magic: isTar, danger: UNOPENED },
  {
    id: 'gzip',
    title: 'gzip',
    kind: 'archive',
    extensions: ['.gz', '.tgz', '.rds', '.rdata', '.joblib', '.nemo'],
    magic: headIsHex('1f8b08'),
    danger: UNOPENED,
  },
  {
    id: 'bzip2',
    title: 'bzip2',
    kind: 'archive',
    extensions: ['.bz2', '.tbz2', '.joblib'],
    magic: headMatches(/^BZh[1-9]1AY&SY/),
    danger: UNOPENED,
  },
  {
    id: 'xz',
    title: 'xz',
    kind: 'archive',
    extensions: ['.xz', '.txz', '.joblib'],
    magic: headIsHex('fd377a585a00'),
    danger: UNOPENED,
  },
  {
    id: 'lzma',
    title: 'LZMA (alone)',
    kind: 'archive',
    extensions: ['.lzma', '.joblib'],
    structure: all(headIsHex('5d0000'), isNamed('.lzma', '.joblib', '.pkl')),
    danger: UNOPENED,
  },
  {
    id: 'zstandard',
    title: 'Zstandard',
    kind: 'archive',
    extensions: ['.zst', '.zstd'],
    magic: headIsHex('28b52ffd'),
    danger: UNOPENED,
  },
  {
    id: 'lz4',
    title: 'LZ4 frame',
    kind: 'archive',
    extensions: ['.lz4', '.joblib'],
    magic: headIsHex('04224d18'),
    danger: UNOPENED,
  },
  {
    id: 'zlib',
    title: 'zlib stream',
    kind: 'archive',
    extensions: ['.z', '.zlib', '.joblib'],
    structure: isZlib,
    danger: 'What is in it is not opened in this version; joblib keeps pickles in this form.',
  },
  {
    id: 'joblib-z',
    title: 'joblib compressed pickle (before 0.10)',
    kind: 'archive',
    extensions: ['.joblib', '.pkl', '.z'],
    magic: headIs('ZF0x'),
    danger: 'Holds a pickle.',
  },
  {
    id: 'snappy',
    title: 'Snappy frames',
    kind: 'archive',
    extensions: ['.sz', '.snappy'],
    magic: headIsHex('ff060000734e61507059'),
    danger: UNOPENED,
  },
  {
    id: 'compress',
    title: 'Unix compress',
    kind: 'archive',
    extensions: ['.z', '.taz'],
    structure: all(headIsHex('1f9d'), isNamed('.z', '.taz')),
    danger: UNOPENED,
  },
  {
    id: '7z',
    title: '7-Zip archive',
    kind: 'archive',
    extensions: ['.7z'],
    magic: headIsHex('377abcaf271c'),
    danger: 'Some loaders open it where scanners pass it by.',
  },
  {
    id: 'rar',
    title: 'RAR archive',
    kind: 'archive',
    extensions: ['.rar'],
    magic: headIsHex('526172211a07'),
    danger: UNOPENED,
  },
  {
    id: 'cabinet',
    title: 'Microsoft cabinet',
    kind: 'archive',
    extensions: ['.cab'],
    magic: headIs('MSCF\0\0\0\0'),
    danger: UNOPENED,
  },
  {
    id: 'ar',
    title: 'Unix archive (static library, Debian package)',
    kind: 'executable',
    extensions: ['.a', '.deb', '.lib'],
    magic: headIs('!<arch>\n'),
    danger: 'Holds object code or an installable package.',
  },
  {
    id: 'rpm',
    title: 'RPM package',
    kind: 'executable',
    extensions: ['.rpm'],
    magic: headIsHex('edabeedb'),
    danger: 'Runs scripts when it is installed.',
  },
  {
    id: 'cpio',
    title: 'cpio archive',
    kind: 'archive',
    extensions: ['.cpio'],
    magic: headMatches(/^07070[127][0-9a-fA-F]{12}/),
    danger: UNOPENED,
  },
  {
    id: 'squashfs',
    title: 'SquashFS image',
    kind: 'archive',
    extensions: ['.squashfs', '.sif', '.snap'],
    magic: headIs('hsqs'),
    danger: UNOPENED,
  },
]
