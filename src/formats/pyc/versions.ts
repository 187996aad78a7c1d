/**
 * Which Python wrote a file of bytecode, by the number at its head, and how that version lays out what follows.
 *
 * Source: CPython, Lib/importlib/_bootstrap_external.py and Include/internal/pycore_magic_number.h, versions 2.3 to 3.14.
 */

/** How code objects of a version are laid out. */
export type CodeLayout = '2.3' | '3.0' | '3.8' | '3.11'

/** One family of versions. */
export interface PythonVersion {
  /** `3.12`. */
  readonly name: string
  readonly layout: CodeLayout
  /** Bytes before the code. */
  readonly header: number
}

/** First and last magic number of each version. */
const RANGES: readonly (readonly [first: number, last: number, version: PythonVersion])[] = [
  [62_011, 62_021, { name: '2.3', layout: '2.3', header: 8 }],
  [62_041, 62_061, { name: '2.4', layout: '2.3', header: 8 }],
  [62_071, 62_131, { name: '2.5', layout: '2.3', header: 8 }],
  [62_151, 62_161, { name: '2.6', layout: '2.3', header: 8 }],
  [62_171, 62_218, { name: '2.7', layout: '2.3', header: 8 }],
  [3000, 3131, { name: '3.0', layout: '3.0', header: 8 }],
  [3141, 3151, { name: '3.1', layout: '3.0', header: 8 }],
  [3160, 3180, { name: '3.2', layout: '3.0', header: 8 }],
  [3190, 3230, { name: '3.3', layout: '3.0', header: 12 }],
  [3250, 3310, { name: '3.4', layout: '3.0', header: 12 }],
  [3320, 3351, { name: '3.5', layout: '3.0', header: 12 }],
  [3360, 3379, { name: '3.6', layout: '3.0', header: 12 }],
  [3390, 3399, { name: '3.7', layout: '3.0', header: 16 }],
  [3400, 3419, { name: '3.8', layout: '3.8', header: 16 }],
  [3420, 3429, { name: '3.9', layout: '3.8', header: 16 }],
  [3430, 3449, { name: '3.10', layout: '3.8', header: 16 }],
  [3450, 3499, { name: '3.11', layout: '3.11', header: 16 }],
  [3500, 3549, { name: '3.12', layout: '3.11', header: 16 }],
  [3550, 3599, { name: '3.13', layout: '3.11', header: 16 }],
  [3600, 3649, { name: '3.14', layout: '3.11', header: 16 }],
  [3650, 3699, { name: '3.15', layout: '3.11', header: 16 }],
]

/** The version of a magic number. @example versionOf(3531).name // '3.12' */
export function versionOf(magic: number): PythonVersion | undefined {
  return RANGES.find(([first, last]) => magic >= first && magic <= last)?.[2]
}

/** Whole numbers before the first object of a code object, four bytes each. */
export const NUMBERS: Readonly<Record<CodeLayout, number>> = { '2.3': 4, '3.0': 5, '3.8': 6, '3.11': 5 }

/** The objects and numbers that follow, in their order. */
export const PARTS: Readonly<Record<CodeLayout, readonly string[]>> = {
  '2.3': 'code consts names locals free cell file name =line table'.split(' '),
  '3.0': 'code consts names locals free cell file name =line table'.split(' '),
  '3.8': 'code consts names locals free cell file name =line table'.split(' '),
  '3.11': 'code consts names locals kinds file name qualname =line table exceptions'.split(' '),
}
