/**
 * What the name of a member can do to whoever unpacks it.
 *
 * A container gives its members names of its own making; a tool that unpacks it makes files of them. Separators,
 * drives and steps upwards mean what the system of that tool says they mean, so the worst meaning on any of them
 * counts.
 */

/** Where a name leads out of the folder, or undefined. @example escapeOf('a/../../b') // 'a step upwards' */
export function escapeOf(name: string): string | undefined {
  if (/^[/\\]{2}/.test(name)) return 'a network path'
  if (/^[/\\]/.test(name)) return 'an absolute path'
  if (/^[A-Za-z]:/.test(name)) return 'a drive'
  return name.split(/[/\\]/).includes('..') ? 'a step upwards' : undefined
}

/** The name as the most forgiving file system keeps it. @example foldName('A\\B/') // 'a/b' */
export function foldName(name: string): string {
  const parts = name.normalize('NFKC').toLowerCase().split(/[/\\]/)
  return parts
    .filter((part) => part !== '' && part !== '.')
    .map((part) => part.replace(/[. ]+$/, '') || part)
    .join('/')
}

/** Names that were seen, as they were and folded. */
export class NameLedger {
  readonly #names = new Set<string>()
  /** One of the names for each folded form. */
  readonly #folded = new Map<string, string>()

  /** Adds a name and says whether it was there, or what name some file system takes for it. */
  add(name: string): { readonly kind: 'duplicate' | 'twin'; readonly other: string } | undefined {
    if (this.#names.has(name)) return { kind: 'duplicate', other: name }
    this.#names.add(name)
    const folded = foldName(name)
    const other = this.#folded.get(folded)
    if (other !== undefined) return { kind: 'twin', other }
    this.#folded.set(folded, name)
    return undefined
  }
}
