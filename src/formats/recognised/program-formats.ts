/**
 * Programs: native code, scripts and bytecode. None of them has any business among weights.
 */
import type { Predicate, RecognisedFormat } from './recognised-format.ts'
import { all, any, headIs, headIsHex, headMatches, isNamed } from './signatures.ts'

const NATIVE = 'Native code: runs with all rights of whoever starts or loads it.'

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A Java class has a major version of 45 or more where a fat Mach-O has the number of its processors. */
const isJavaClass: Predicate = ({ head }) =>
  head.length >= 8 && view(head).getUint32(0) === 0xcafebabe && view(head).getUint32(4) >= 45

/** See the module. */
export const PROGRAM_FORMATS: readonly RecognisedFormat[] = [
  {
    id: 'java-class',
    title: 'Java class',
    kind: 'executable',
    extensions: ['.class'],
    magic: isJavaClass,
    danger: 'Bytecode.',
  },
  {
    id: 'dalvik',
    title: 'Dalvik bytecode',
    kind: 'executable',
    extensions: ['.dex'],
    magic: headMatches(/^dex\n0\d\d\0/),
    danger: 'Bytecode.',
  },
  {
    id: 'lua-bytecode',
    title: 'Lua bytecode',
    kind: 'executable',
    extensions: ['.luac', '.lua'],
    magic: headIs('\x1bLua'),
    danger: 'Unchecked bytecode can break out of its interpreter.',
  },
  {
    id: 'llvm-bitcode',
    title: 'LLVM bitcode',
    kind: 'executable',
    extensions: ['.bc'],
    magic: headIsHex('4243c0de'),
    danger: NATIVE,
  },
  {
    id: 'spir-v',
    title: 'SPIR-V module',
    kind: 'executable',
    extensions: ['.spv'],
    magic: any(headIsHex('03022307'), headIsHex('07230203')),
    danger: 'Code for a graphics processor.',
  },
  {
    id: 'shell-script',
    title: 'Script',
    kind: 'executable',
    extensions: ['.sh', '.bash', '.zsh', '.command'],
    magic: all(
      headMatches(/^#! ?\//),
      (glimpse) => !isNamed('.py', '.pl', '.rb', '.js', '.mjs', '.r', '.lua')(glimpse),
    ),
    danger: 'Runs when it is started.',
  },
  {
    id: 'windows-script',
    title: 'Windows script',
    kind: 'executable',
    extensions: ['.bat', '.cmd', '.ps1', '.vbs', '.wsf', '.hta'],
    danger: 'Runs when it is opened.',
  },
  {
    id: 'ole-document',
    title: 'OLE compound file (old Office, installer)',
    kind: 'executable',
    extensions: ['.doc', '.xls', '.ppt', '.msi'],
    magic: headIsHex('d0cf11e0a1b11ae1'),
    danger: 'May carry macros or install software.',
  },
]
