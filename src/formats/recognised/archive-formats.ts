/**
 * Archives and compressed files other than zip.
 */
import type { Predicate, RecognisedFormat } from './recognised-format.ts'
import { all, any, headIs, headIsHex, headMatches, isNamed } from './signatures.ts'

const UNOPENED = 'What is in it is not opened in this version.'

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
