/**
 * What a file may be called.
 *
 * A name is the first thing an attacker chooses. A newline forges a line of the manifest, `..` leaves the folder,
 * a bidirectional override or a Cyrillic `о` makes one file look like another. Names that cannot stand in a
 * manifest are excluded and listed; names that only deserve a second look stay and are listed. Nothing is dropped
 * in silence.
 *
 * Limit: look-alikes are found where scripts are mixed in one word or a compatibility character stands for an
 * ASCII one; a whole word in another script that looks Latin is not found.
 *
 * Source: certificates-and-log 2.2; Unicode UTS 39 (confusables), UAX 15 (normal forms), UTR 36.
 */
import { Fault } from '../base/index.ts'
import type { IntakeProblem, IntakeProblemKind } from './artefact.ts'

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800\ufff9-\ufffb]/u
/** Characters that look like `/` or `\` and have no compatibility mapping to them. */
const SLASHES = /[\u2044\u2215\u2216\u29f5\u29f8\u29f9]/u
const LATIN = /\p{Script=Latin}/u
const LATIN_ALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u
/** Made when a name first needs it: reading the classes takes 10 ms. */
let unprintable: RegExp | undefined

function showUnprintable(text: string): string {
  if (/^[ -[\]-~]*$/.test(text)) return text
  unprintable ??= new RegExp(`${CONTROL.source}|${INVISIBLE.source}|\\p{Cs}|\\\\`, 'gu')
  return text.replace(unprintable, escapeCharacter)
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name as text, or undefined when its bytes are not UTF-8. */
export function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * A name with everything unprintable escaped, fit for a terminal and a report.
 *
 * @example printableName('a\nb') // 'a\\u{a}b'
 */
export function printableName(name: string | Uint8Array): string {
  const text = typeof name === 'string' ? name : decodeName(name)
  if (text !== undefined) return showUnprintable(text)
  return Array.from(name as Uint8Array, printableByte).join('')
}

function printableByte(byte: number): string {
  if (byte >= 0x80) return `\\x${byte.toString(16)}`
  return showUnprintable(String.fromCharCode(byte))
}

function escapeCharacter(character: string): string {
  return character === '\\' ? '\\\\' : `\\u{${(character.codePointAt(0) as number).toString(16)}}`
}

/** A problem of the entry `name`. */
export function nameProblem(
  kind: IntakeProblemKind,
  name: string | Uint8Array,
  { message, excluded }: { readonly message: string; readonly excluded: boolean },
): IntakeProblem {
  const path = printableName(name)
  return { kind, path, message: `${path}: ${message}`, excluded }
}

function escapes(path: string): boolean {
  if (/^[/\\]|^[A-Za-z]:/.test(path) || path.split(/[/\\]/).includes('..')) return true
  return path.split('/').some((part) => part === '' || part === '.')
}

/** True for a full-width or mathematical letter and its like; an accented letter is none. */
function looksAscii(character: string): boolean {
  return character > '\u007f' && /[A-Za-z0-9./\\]/.test(character.normalize('NFKC'))
}

function confusable(path: string): string | undefined {
  if (!/[^\u0020-\u005b\u005d-\u007e]/.test(path)) return undefined
  if (INVISIBLE.test(path)) return 'an invisible character or one that changes the direction of the text'
  if (SLASHES.test(path) || path.includes('\\')) return 'a character that is or looks like a path separator elsewhere'
  const words = path.match(/[\p{L}\p{M}]+/gu) ?? []
  if (words.some((word) => LATIN.test(word) && LATIN_ALIKE.test(word))) return 'a word that mixes look-alike scripts'
  return Array.from(path).some(looksAscii) ? 'a character that stands for an ASCII one' : undefined
}

/**
 * What is wrong with a name, or undefined. The worst problem alone is reported.
 *
 * @param path relative, parts separated by `/`
 */
export function checkName(path: string): IntakeProblem | undefined {
  if (!path.isWellFormed()) return nameProblem('name-not-utf8', path, { message: 'not Unicode', excluded: true })
  if (CONTROL.test(path)) {
    return nameProblem('name-control', path, {
      message: 'holds a newline or another control character',
      excluded: true,
    })
  }
  if (escapes(path)) return nameProblem('name-escapes', path, { message: 'leads out of its folder', excluded: true })
  const why = confusable(path)
  return why === undefined
    ? undefined
    : nameProblem('name-confusable', path, { message: `holds ${why}`, excluded: false })
}

/** Ensures that a name that was given to us can stand in a manifest. @throws Fault `bad-name` */
export function ensureUsableName(path: string): void {
  const problem = checkName(path)
  if (problem?.excluded === true) throw new Fault('bad-name', problem.message)
}
