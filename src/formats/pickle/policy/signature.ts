/**
 * Policies: what listed globals do when a pickle uses them, as data.
 *
 * A signature says of a family of globals in which positions they may stand and what arguments they may be given, so
 * that loading does nothing but build data. Everything else about a global is unknown, and unknown is not proved. The
 * engine and the checker read the same data and share no code.
 *
 * Schemas are texts:
 *
 *     none bool int nat float str bytes bytearray native any     a kind (`native`: a string of Python 2)
 *     name                                 a str that is an identifier and not of the form `__x__`
 *     digits                               a str that is a whole number or a fraction of two
 *     never                                nothing, for keys that may not be there
 *     'text'  -1                           exactly this str or int
 *     (a, b, c?, d*)                       a tuple; the last items may be optional, or the last one repeated
 *     [a]  {}                              a list, an empty dict
 *     {'a': b, c: d}                       a dict; the first key schema that a key meets says what its value must be
 *     <module.Class>  <module.Class {}>    an instance of the class; with nothing in it
 *     @module.name                         the global itself
 *     @type @enum                          any listed type that NEWOBJ may build; any listed enumeration
 *     storage                              a torch storage
 *     a|b                                  one or the other
 */

/** What a global is. */
export type SignatureRole = 'type' | 'enum' | 'function' | 'constant'

/** A judgement of arguments or state that a schema cannot express; the engine and the checker each implement it. */
export type SemanticCheck =
  | 'dtype' // the code of a NumPy type
  | 'array' // shape, type and bytes agree
  | 'frombuffer' // shape, type and buffer agree
  | 'scalar' // type and bytes agree
  | 'tensor' // strides and offset stay within the storage
  | 'joblib' // raw bytes follow the wrapper
  | 'distribution' // the text that scipy runs is of its own form
  | 'rebuild' // the first argument is listed and may be called with the third

/** Who vetted the signatures that ship, and which test holds them. */
export const REVIEWED = { reviewer: 'Tidewaiter', evidence: 'src/formats/pickle/engine/proofs.test.ts' } as const

/** What a family of globals may be used for. */
export interface Signature {
  /** `module, other.module: Name Other`; a text per family. */
  readonly globals: readonly string[]
  readonly role: SignatureRole
  /** Schema of the tuple that REDUCE may call it with; absent: it may not be called. */
  readonly reduce?: string
  /** Schema of the tuple for `__new__`; absent: NEWOBJ may not build it. */
  readonly newobj?: string
  /** Schema of the state that BUILD may give an instance. */
  readonly state?: string
  /** Which opcodes may fill an instance: those of lists or those of dicts. */
  readonly items?: 'list' | 'dict'
  /** What a call gives: a class, a kind, or `#n` for its nth argument; the global itself when absent. */
  readonly result?: string
  /** What is checked beyond the schema of the arguments. */
  readonly check?: SemanticCheck
  /** What is checked beyond the schema of the state. */
  readonly stateCheck?: SemanticCheck
  /** Whether an instance may be a key: its `__hash__` and `__eq__` are those of data. */
  readonly hashable?: boolean
  /** Why this is inert. */
  readonly rationale: string
  /** Who vetted it. */
  readonly reviewer: string
  /** Test that holds it. */
  readonly evidence: string
}

/** See the module. */
export interface PicklePolicy {
  readonly id: string
  readonly title: string
  /** Versions of the library whose source was read. */
  readonly versions: string
  readonly signatures: readonly Signature[]
}

/** One global that a signature lists. */
export interface ListedGlobal {
  readonly module: string
  readonly name: string
  readonly signature: Signature
}

/** All globals of a policy. @example [...listGlobals({ signatures: [] })] // [] */
export function* listGlobals({ signatures }: Pick<PicklePolicy, 'signatures'>): Generator<ListedGlobal> {
  for (const signature of signatures) {
    for (const line of signature.globals) {
      const at = line.indexOf(':')
      for (const module of line.slice(0, at).split(',')) {
        for (const name of line
          .slice(at + 1)
          .trim()
          .split(/\s+/))
          yield { module: module.trim(), name, signature }
      }
    }
  }
}
