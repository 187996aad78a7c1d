/**
 * How files of other kinds begin: what must not lie in space that no structure uses.
 */

interface Beginning {
  readonly title: string
  readonly pattern: RegExp
}

/** Beginnings of at least three bytes, or of two with a structure behind them, over bytes as Latin-1. */
const BEGINNINGS: readonly Beginning[] = [
  { title: 'an ELF program', pattern: /^\x7fELF/ },
  { title: 'a Windows program', pattern: /^MZ[^]{58}[^]{2}\0\0[^]*?This program|^MZ[^]{76,1000}PE\0\0/ },
  { title: 'a Mach-O program', pattern: /^(\xcf\xfa\xed\xfe|\xce\xfa\xed\xfe|\xca\xfe\xba\xbe\0\0)/ },
  { title: 'a zip archive', pattern: /^PK\x03\x04/ },
  { title: 'a 7z archive', pattern: /^7z\xbc\xaf\x27\x1c/ },
  { title: 'a rar archive', pattern: /^Rar!\x1a\x07/ },
  { title: 'a gzip stream', pattern: /^\x1f\x8b\x08[\0-\x1f]/ },
  { title: 'an xz stream', pattern: /^\xfd7zXZ\0/ },
  { title: 'a pickle', pattern: /^\x80[\x02-\x05](\x95[^]{6}\0\0|c[A-Za-z_]|[(\]}X\x8c][^]|K)/ },
  { title: 'a pickle', pattern: /^c[a-z_][A-Za-z0-9_.]*\n[A-Za-z_][A-Za-z0-9_.]*\n/ },
  {
    title: 'a script',
    pattern: /^#![ \t]?\/|^<\?php|^import [a-z_][A-Za-z0-9_.]*( as [a-z_]+)?[\n\r;,]|^from [A-Za-z0-9_.]+ import /,
  },
  { title: 'a NumPy array', pattern: /^\x93NUMPY/ },
  { title: 'a GGUF model', pattern: /^GGUF[\x01-\x03]\0\0\0/ },
]

const HEAD = 1100

/** What other file the bytes begin as, in words. @example foreignFile(new TextEncoder().encode('#!/bin/sh')) // 'a script' */
export function foreignFile(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1')
  return BEGINNINGS.find(({ pattern }) => pattern.test(head))?.title
}
