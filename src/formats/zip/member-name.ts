/**
 * The name of a member as text.
 *
 * A flag says that it is UTF-8; without the flag it should be of code page 437, and most writers write UTF-8 none the
 * less. Bytes that are UTF-8 are read as that, all others by one character a byte, so that different bytes never
 * become the same name.
 *
 * Source: APPNOTE.TXT appendix D; the Unicode path of Info-ZIP, 4.6.9.
 */
import { isUtf8 } from 'node:buffer'

/** See the module. */
export function decodeMemberName(raw: string): string {
  const bytes = Buffer.from(raw, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : raw
}

/** Text with what writers put for characters that they cannot write replaced by one sign. */
function skeleton(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll(/#U[0-9a-f]{4}|#L[0-9a-f]{6}/gi, '?')
    .replaceAll(/[^ -~]+|\?+/gu, '?')
    .replaceAll(/\?+/g, '?')
}

/**
 * Whether a Unicode path says the same as the name in the header: equal, or equal but for characters that an older
 * code page cannot express.
 *
 * @example isSameName('caf#U00e9.txt', 'café.txt') // true
 */
export function isSameName(header: string, unicode: string): boolean {
  return header === unicode || skeleton(header) === skeleton(unicode)
}
