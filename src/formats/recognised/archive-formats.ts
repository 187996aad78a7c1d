/**
 * Archives and compressed files other than zip.
 */
import type { RecognisedFormat } from './recognised-format.ts'
import { all, headIs, headIsHex, headMatches, isNamed } from './signatures.ts'

const UNOPENED = 'What is in it is not opened in this version.'

/** See the module. */
export const ARCHIVE_FORMATS: readonly RecognisedFormat[] = [
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
