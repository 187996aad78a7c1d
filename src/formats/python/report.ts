/**
 * Takes what is found in a source, each thing once for each place, and cuts what is shown of it.
 */
import type { CodeFact, CodeKind, CodeReach } from '../facts.ts'

const LONGEST_TARGET = 200
const LONGEST_DETAIL = 200
const MOST_FACTS = 5000

/** Where something was found. */
export interface CodePlace {
  readonly reach: CodeReach
  /** From 1. */
  readonly line: number
  /** The function or class around it; empty at the level of the module. */
  readonly inside: string
  readonly detail?: string
}

function cut(text: string, longest: number): string {
  const shown = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
  return (shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown).toWellFormed()
}

/** See the module. */
export class CodeReport {
  readonly #facts = new Map<string, CodeFact>()
  /** Where the source itself stands; put before each place. */
  readonly #origin: string
  readonly #root: CodeReport
  #trouble: string | undefined

  constructor(origin = '', root?: CodeReport) {
    this.#origin = origin
    this.#root = root ?? this
  }

  /** A report on a text within the source; what it takes stands in this one. */
  within(line: number, what: string): CodeReport {
    return new CodeReport(`${this.#origin}line ${line}, ${what}: `, this.#root)
  }

  /** Notes something. */
  add(kind: CodeKind, target: string, { reach, line, inside, detail }: CodePlace): void {
    const root = this.#root
    const locus = cut(`${this.#origin}line ${line}${inside === '' ? '' : `, in ${inside}`}`, LONGEST_TARGET)
    const name = cut(target, LONGEST_TARGET)
    const key = kind === 'import' ? `import ${name} ${reach}` : `${kind} ${name} ${locus}`
    if (root.#facts.has(key)) return
    if (root.#facts.size >= MOST_FACTS) return this.note(`more than ${MOST_FACTS} facts of code`)
    const fact = { kind, target: name, reach, locus }
    root.#facts.set(key, detail === undefined ? fact : { ...fact, detail: cut(detail, LONGEST_DETAIL) })
  }

  /** Notes why not everything was understood. */
  note(trouble: string): void {
    this.#root.#trouble ??= trouble
  }

  /** Why not everything was understood. */
  get trouble(): string | undefined {
    return this.#root.#trouble
  }

  /** What was found. */
  get facts(): readonly CodeFact[] {
    return [...this.#root.#facts.values()]
  }
}
