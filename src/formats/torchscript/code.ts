/**
 * What the code of a TorchScript archive uses, and what of it runs when the archive is loaded.
 *
 * torch.jit.load compiles the code and runs one kind of function of it: `__setstate__`, of each object that has one.
 * All else runs when the model is used. Operators are reached by the names `torch` and `ops` and by nothing else, so
 * wherever one of these stands it must be followed by the name of an operator and its call; a bare one could be kept
 * under another name.
 *
 * Guarantee: a use that is not of that plain form is reported as an operator that is not known.
 * Source: `torch/csrc/jit/serialization/import_source.cpp`, `torch/csrc/jit/frontend/sugared_value.cpp`.
 */
import { isKnownClass, kindOfOperator, REACHING_METHODS } from './operators.ts'
import { tokenise, type Token } from './tokens.ts'

/** A use of an operator or of a class that is not on the list of those that compute. */
export interface CodeUse {
  /** reaching: known to do more than compute; hidden: not named where it is used; unknown: on no list. */
  readonly kind: 'reaching' | 'hidden' | 'unknown'
  /** `ns::name`, or what stands there instead. */
  readonly what: string
  /** The function that it stands in; empty outside of all. */
  readonly within: string
}

/** What was seen in one source. */
export interface CodeSeen {
  readonly functions: number
  /** Calls of operators that are on the lists. */
  readonly operators: number
  readonly uses: readonly CodeUse[]
  /** True when a `__setstate__` calls functions or methods, whose bodies then run at load as well. */
  readonly callsAtLoad: boolean
}

const OPERATOR_ROOTS: ReadonlySet<string> = new Set(['torch', 'ops'])
const AT_LOAD = '__setstate__'
/** Things under `torch` that are no operators: types, and the way to custom classes. */
const MEMBERS: ReadonlySet<string> = new Set(['device', 'dtype', 'layout', 'Generator', 'Stream', 'nn', 'jit'])
/** Names that may be called in `__setstate__` without running code of the archive. */
const BUILT_IN: ReadonlySet<string> = new Set(
  'annotate unchecked_cast uninitialized bool int float str len range list tuple dict isinstance getattr hasattr print min max abs round zip enumerate ord chr hash sorted id'.split(
    ' ',
  ),
)

class Scan {
  readonly #tokens: readonly Token[]
  #at = 0
  #within = ''
  functions = 0
  operators = 0
  callsAtLoad = false
  readonly uses: CodeUse[] = []
  readonly defined: ReadonlySet<string>

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
    this.defined = new Set(tokens.flatMap(({ text }, i) => (text === 'def' ? (tokens[i + 1]?.text ?? []) : [])))
  }

  #text(ahead: number): string {
    return this.#tokens[this.#at + ahead]?.text ?? ''
  }

  run(): void {
    for (; this.#at < this.#tokens.length; this.#at++) {
      const { kind, text } = this.#tokens[this.#at] as Token
      if (kind === 'name') this.#takeName(text)
    }
  }

  #takeName(name: string): void {
    const before = this.#text(-1)
    if (name === 'class') this.#within = ''
    else if (name === 'def') this.#enter()
    else if (before === '.') this.#takeMember(name)
    else if (name === 'ops') this.#takeOperator()
    else if (name === 'torch') this.#takeTorch()
    else if (before !== 'def' && before !== 'class') this.#takeCall(name)
  }

  #enter(): void {
    this.#within = this.#text(1)
    this.functions += 1
  }

  #use(kind: CodeUse['kind'], what: string): void {
    this.uses.push({ kind, what, within: this.#within })
  }

  #judge(namespace: string, name: string): void {
    const kind = kindOfOperator(namespace, name)
    if (kind === 'computing') this.operators += 1
    else this.#use(kind, `${namespace}::${name}`)
  }

  /** ops.namespace.name( */
  #takeOperator(): void {
    const [dot, namespace, second, name, open] = [1, 2, 3, 4, 5].map((ahead) => this.#text(ahead))
    if (dot === '.' && second === '.' && open === '(') this.#judge(namespace ?? '', name ?? '')
    else this.#use('hidden', 'ops')
  }

  /** torch.name( or torch.classes.namespace.Name */
  #takeTorch(): void {
    const [dot, name, after] = [1, 2, 3].map((ahead) => this.#text(ahead))
    if (dot !== '.') return this.#use('hidden', 'torch')
    if (name === 'classes') return this.#takeClass()
    if (after === '(') return this.#judge('aten', name ?? '')
    if (!MEMBERS.has(name ?? '')) this.#use('hidden', `torch.${name}`)
  }

  #takeClass(): void {
    const namespace = this.#text(4)
    if (!isKnownClass(namespace)) this.#use('unknown', `torch.classes.${namespace}.${this.#text(6)}`)
  }

  /** A name after a dot: a method or a part of a qualified name. */
  #takeMember(name: string): void {
    if (name === 'classes' && this.#text(-2) === 'torch' && this.#text(-3) === '.') return this.#takeQualified()
    if (this.#text(1) !== '(') return
    if (REACHING_METHODS.has(name) && this.#text(-2) !== 'torch' && !this.defined.has(name))
      this.#use('reaching', `aten::${name}`)
    if (this.#within === AT_LOAD && !OPERATOR_ROOTS.has(this.#root())) this.callsAtLoad = true
  }

  /** __torch__.torch.classes.namespace.Name */
  #takeQualified(): void {
    const namespace = this.#text(2)
    if (!isKnownClass(namespace)) this.#use('unknown', `torch.classes.${namespace}.${this.#text(4)}`)
  }

  /** The first name of the chain of names and dots that ends here. */
  #root(): string {
    let ahead = 0
    while (this.#text(ahead - 1) === '.') ahead -= 2
    return this.#text(ahead)
  }

  #takeCall(name: string): void {
    if (this.#within === AT_LOAD && this.#text(1) === '(' && !BUILT_IN.has(name)) this.callsAtLoad = true
  }
}

/** Scans one source. @throws Fault `tsc-source` */
export function scanCode(source: string): CodeSeen {
  const scan = new Scan(tokenise(source))
  scan.run()
  const { functions, operators, uses, callsAtLoad } = scan
  return { functions, operators, uses, callsAtLoad }
}

/** The uses that can run when the archive is loaded, given the code of all its sources. */
export function usesAtLoad(all: readonly CodeSeen[]): readonly CodeUse[] {
  const uses = all.flatMap((seen) => seen.uses)
  return all.some(({ callsAtLoad }) => callsAtLoad)
    ? uses
    : uses.filter(({ within }) => within === AT_LOAD || within === '')
}
