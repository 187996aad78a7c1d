/**
 * Names in a manifest.
 *
 * A name decides which bytes a digest speaks of, so one that two systems read differently is refused: a newline forges a
 * line of a listing, `..` leaves the model, a backslash is a separator elsewhere, and two names that differ only in
 * Unicode normalisation are one file on a Mac. Names that differ only in case are one file there as well, but models
 * hold `README.md` beside `readme.md`; they are told and not refused.
 *
 * Source: OpenSSF Model Signing 1.0, section 5.2; UAX 15.
 */
import { Fault } from '../../base/index.ts'

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
const RANGE = /^(0|[1-9][0-9]{0,15}):(0|[1-9][0-9]{0,15})$/

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}

function refuse(name: string, why: string): never {
  throw new Fault('oms-name', `${shown(name)} ${why}`)
}

/** Ensures that a name is a relative path that every system reads the same way. @throws Fault `oms-name` */
export function ensureSafeName(name: string): void {
  if (!name.isWellFormed()) refuse(name, 'holds a lone surrogate and has no UTF-8 form')
  if (CONTROL.test(name)) refuse(name, 'holds a newline or another control character')
  if (name.includes('\\')) refuse(name, 'holds a backslash, which separates folders elsewhere')
  const parts = name.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    refuse(name, 'is not a relative path without ".", ".." and empty parts')
}

/** Ensures that no two names are one file somewhere; gives what to say of names that differ only in case. @throws Fault `oms-name` */
export function checkTwins(names: Iterable<string>): readonly string[] {
  const forms = new Map<string, string>()
  const folded = new Map<string, string>()
  const warnings: string[] = []
  for (const name of names) {
    const form = name.normalize('NFC')
    const twin = forms.get(form)
    if (twin !== undefined) refuse(name, `and ${shown(twin)} are one name in Unicode normal form`)
    forms.set(form, name)
    const fold = form.toUpperCase().toLowerCase()
    const other = folded.get(fold)
    if (other !== undefined) warnings.push(`${shown(other)} and ${shown(name)} differ only in case`)
    folded.set(fold, name)
  }
  return warnings
}

/**
 * Takes the name of a shard apart: the path may hold colons itself, so the last two fields are the range.
 *
 * @throws Fault `oms-name`
 * @example parseShardName('a:b.bin:0:10').path // 'a:b.bin'
 */
export function parseShardName(name: string): { readonly path: string; readonly start: number; readonly end: number } {
  const split = name.lastIndexOf(':', name.lastIndexOf(':') - 1)
  const [, start, end] = RANGE.exec(name.slice(split + 1)) ?? []
  if (split < 1 || start === undefined || end === undefined) return refuse(name, 'is not "path:start:end"')
  return { path: name.slice(0, split), start: Number(start), end: Number(end) }
}
