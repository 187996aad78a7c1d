/**
 * Walks a source as an interpreter would meet it: statements in their order, functions when they are called.
 *
 * What stands at the level of the module, in class bodies, decorators and defaults runs on import, and so does every
 * own function that is called there, followed through calls, instances and callbacks. After that come the methods by
 * which a model is built and asked (`__init__`, `forward`, `from_pretrained`), and at last everything else, which runs
 * only when somebody calls it. Each function is walked once, with the strongest reach.
 *
 * Guarantee: nothing is run; bounded work for a source, and a note where the bound was met.
 */
import type { CodeKind, CodeReach } from '../facts.ts'
import { effectsOf, namesOf } from './calls.ts'
import type { CallArguments } from './evaluate.ts'
import { Evaluator } from './evaluate.ts'
import { bindParameters } from './parameters.ts'
import { programIn } from './payloads.ts'
import type { CodeReport } from './report.ts'
import { walkStatements } from './statements.ts'
import { inField, parseSource, type PyNode } from './syntax.ts'
import { choiceOf, optionsOf, Scope, type Definition, type Value } from './values.ts'

/** Texts within texts that are followed. */
const MOST_NESTING = 3
const DEEPEST_INLINE = 4
const MOST_INLINE = 2000
const MOST_FUNCTIONS = 20_000

/** Where the walk stands. */
export interface Context {
  readonly scope: Scope
  readonly reach: CodeReach
  /** Name of the function or class around; empty for the module. */
  readonly inside: string
  /** False under a condition or in a loop. */
  readonly isCertain: boolean
  /** The class whose body this is. */
  readonly owner?: Definition
  /** Collects what a function returns; nothing is reported then. */
  readonly returns?: (Value | undefined)[]
}

/** Methods that run when a model is loaded, built or asked. */
const LOAD_METHODS: ReadonlySet<string> = new Set(
  `__init__ __new__ __post_init__ __init_subclass__ __class_getitem__ __setstate__ __reduce__ __getattr__ __del__
  forward from_pretrained from_config from_dict from_json_file _from_config _init_weights init_weights post_init
  _load_from_state_dict load_state_dict setup build call get_config`.split(/\s+/),
)
const REACHES: readonly CodeReach[] = ['import', 'load', 'call']

/** Where in the walk something is met. */
export interface Place {
  readonly node: PyNode
  readonly context: Context
}

/** Functions whose first argument is run as a program. */
const RUNNING =
  /^(?:builtins\.(?:exec|eval|compile|execfile)|timeit\.timeit|code\.InteractiveInterpreter\(\)\.runsource)$/

interface Waiting {
  readonly definition: Definition
  readonly calls: CallArguments[]
}

/** See the module. */
export class SourceWalk {
  readonly evaluator: Evaluator
  readonly report: CodeReport
  readonly #nesting: number
  readonly #lines: readonly string[]
  readonly #queue = new Map<CodeReach, Map<Definition, Waiting>>(REACHES.map((reach) => [reach, new Map()]))
  readonly #walked = new Set<Definition>()
  readonly #definitions: Definition[] = []
  readonly #lambdas = new Map<PyNode, Definition>()
  #inlineDepth = 0
  #inlined = 0

  constructor(text: string, report: CodeReport, nesting: number) {
    this.evaluator = new Evaluator(text, {
      callOwn: (callee, given) => this.#inline(callee, given),
      lambda: (node, scope) => ({ kind: 'own', definition: this.lambda(node, { scope, inside: '' }) }),
    })
    this.report = report
    this.#nesting = nesting
    this.#lines = text.split('\n')
  }

  /** Walks the module and everything that it defines. */
  run(root: PyNode, start: { readonly scope: Scope; readonly reach: CodeReach }): void {
    walkStatements(this, root.children, { ...start, inside: '', isCertain: true })
    for (const reach of REACHES.slice(REACHES.indexOf(start.reach))) {
      if (reach === 'load') this.#queueModels()
      if (reach === 'call') for (const definition of this.#definitions) this.reached(definition, reach)
      this.#drain(reach)
    }
    if (this.evaluator.isSpent) this.report.note('more expressions than are followed')
  }

  /** The line in which a node stands, for a person. */
  lineOf(node: PyNode): string {
    return this.#lines[node.line - 1] ?? ''
  }

  /** Takes note of a function, class or lambda. */
  define(definition: Definition): void {
    if (this.#definitions.length < MOST_FUNCTIONS) this.#definitions.push(definition)
    else this.report.note(`more than ${MOST_FUNCTIONS} functions`)
  }

  /** The definition of a lambda, made when it is first met. */
  lambda(node: PyNode, { scope, inside }: Pick<Context, 'scope' | 'inside'>): Definition {
    const known = this.#lambdas.get(node)
    if (known !== undefined) return known
    const name = inside === '' ? 'lambda' : `${inside}.lambda`
    const definition = { node, name, owner: undefined, members: new Map(), bases: [], scope }
    this.#lambdas.set(node, definition)
    this.define(definition)
    return definition
  }

  /** Says that a function is called, or handed to somebody who will call it; of a class, its methods without a name. */
  reached(definition: Definition, reach: CodeReach, given?: CallArguments): void {
    if (definition.node.type === 'class_definition') return this.#classReached(definition, reach, given)
    if (this.#walked.has(definition)) return
    const queue = this.#queue.get(reach) as Map<Definition, Waiting>
    const waiting = queue.get(definition) ?? { definition, calls: [] }
    queue.set(definition, waiting)
    if (given !== undefined && waiting.calls.length < 8) waiting.calls.push(given)
  }

  /** Whoever makes an instance, or inherits, may run every method without a name of its own. */
  #classReached({ members, bases }: Definition, reach: CodeReach, given?: CallArguments): void {
    if (reach === 'call') return
    for (const [name, member] of members)
      if (member?.kind === 'own' && /^__\w+__$/.test(name)) this.reached(member.definition, reach, given)
    for (const base of bases) if (base.kind === 'own') this.reached(base.definition, reach, given)
  }

  #drain(reach: CodeReach): void {
    const queue = this.#queue.get(reach) as Map<Definition, Waiting>
    for (let [next] = queue; next !== undefined; [next] = queue) {
      const [definition, { calls }] = next
      queue.delete(definition)
      if (this.#walked.has(definition)) continue
      this.#walked.add(definition)
      this.#walkFunction(definition, reach, calls)
    }
  }

  #walkFunction(definition: Definition, reach: CodeReach, calls: readonly CallArguments[]): void {
    const scope = bindParameters(this.evaluator, definition, calls)
    const body = inField(definition.node, 'body')
    if (body === undefined) return
    const context = { scope, reach, inside: definition.name, isCertain: true }
    walkStatements(this, definition.node.type === 'lambda' ? [body] : body.children, context)
  }

  #queueModels(): void {
    for (const definition of this.#definitions) {
      if (definition.owner === undefined && ['__getattr__', '__dir__'].includes(definition.name))
        this.reached(definition, 'load')
      if (definition.node.type !== 'class_definition' || !isModelLike(definition)) continue
      for (const [name, member] of definition.members)
        if (member?.kind === 'own' && LOAD_METHODS.has(name)) this.reached(member.definition, 'load')
    }
  }

  /** What an own function returns for these arguments; an instance of a class that is called. */
  #inline(callee: Value, given: CallArguments): Value | undefined {
    if (callee.kind !== 'own') return undefined
    const { definition } = callee
    if (definition.node.type === 'class_definition') return { kind: 'instance', definition }
    if (this.#inlineDepth >= DEEPEST_INLINE || ++this.#inlined > MOST_INLINE) return undefined
    this.#inlineDepth += 1
    try {
      const scope = bindParameters(this.evaluator, definition, [given])
      const body = inField(definition.node, 'body')
      if (definition.node.type === 'lambda') return this.evaluator.value(body, scope)
      const returns: (Value | undefined)[] = []
      const inside = definition.name
      walkStatements(this, body?.children ?? [], { scope, reach: 'call', inside, isCertain: true, returns })
      return choiceOf(returns)
    } finally {
      this.#inlineDepth -= 1
    }
  }

  /** Notes something where a node stands. */
  note(kind: CodeKind, target: string, { node, context }: Place): void {
    if (context.returns !== undefined) return
    const { reach, inside } = context
    this.report.add(kind, target, { reach, inside, line: node.line, detail: this.lineOf(node) })
  }

  /** Looks at one call: what it does, whom of the source's own it calls, and what program it runs. */
  called(callee: Value | undefined, given: CallArguments, place: Place): void {
    const { context } = place
    if (context.returns !== undefined) return
    for (const { kind, target } of effectsOf(callee, given)) this.note(kind, target, place)
    for (const option of optionsOf(callee)) {
      if (option.kind === 'own') this.reached(option.definition, context.reach, given)
      if (option.kind === 'partial' && option.callee.kind === 'own')
        this.reached(option.callee.definition, context.reach, { ...given, placed: [...option.first, ...given.placed] })
    }
    for (const value of [...given.placed, ...given.named.values()]) this.#handedOn(value, context.reach)
    this.#notePrograms(callee, given, place)
  }

  /** Own functions that are handed on, by themselves or within a list or a dictionary. */
  #handedOn(value: Value | undefined, reach: CodeReach): void {
    for (const option of optionsOf(value)) {
      const inner =
        option.kind === 'list' ? option.items : option.kind === 'map' ? option.entries.map(([, item]) => item) : []
      for (const each of [option, ...inner.slice(0, 256).flatMap(optionsOf)])
        if (each.kind === 'own' && each.definition.node.type !== 'class_definition')
          this.reached(each.definition, reach)
    }
  }

  /** Constant texts that are run, and packed texts that turn out to be programs. */
  #notePrograms(callee: Value | undefined, { placed, named }: CallArguments, place: Place): void {
    const runs = namesOf(callee).some((name) => RUNNING.test(name))
    for (const value of [...placed, ...named.values()]) {
      if (value?.kind !== 'text') continue
      const program = value.layers > 0 ? programIn(value.text) : undefined
      if (program !== undefined) this.note('payload', `${program} in ${value.layers} layers`, place)
      if (runs) this.follow(value.text, place.node, place.context)
    }
    const packed = this.evaluator.value(place.node, place.context.scope)
    if (packed?.kind === 'text' && packed.layers > 0) this.#notePacked(packed, place)
  }

  #notePacked({ text, layers, isBytes }: Value & { readonly kind: 'text' }, place: Place): void {
    const program = programIn(text)
    if (program !== undefined) this.note('payload', `${program} in ${layers} layers`, place)
    else if (isBytes && layers > 1 && text.length >= 256) this.note('payload', `bytes in ${layers} layers`, place)
  }

  /** Follows a constant text that is run as a program. */
  follow(text: string, node: PyNode, { scope, reach, inside }: Context): void {
    if (this.#nesting >= MOST_NESTING) return this.report.note('texts that are run in texts that are run')
    const what = `text that is run${inside === '' ? '' : ` in ${inside}`}`
    describeSource(text, this.report.within(node.line, what), {
      reach,
      nesting: this.#nesting + 1,
      scope: new Scope(scope.module),
    })
  }
}

/** A class that inherits from something outside: torch, transformers. */
function isModelLike({ bases }: Definition, depth = 0): boolean {
  return bases.some((base) => {
    if (base.kind === 'own') return depth < 8 && isModelLike(base.definition, depth + 1)
    return (
      base.kind !== 'name' || !/^builtins\.(?:object|dict|list|str|int|tuple|\w*(?:Error|Exception))$/.test(base.name)
    )
  })
}

/** How a source is to be read. */
export interface SourceOptions {
  /** What running the text itself counts as: a notebook is not imported. */
  readonly reach?: CodeReach
  readonly nesting?: number
  readonly scope?: Scope
}

/** Notes in the report what a source does. @throws Pending while the grammar is being loaded */
export function describeSource(text: string, report: CodeReport, options: SourceOptions = {}): void {
  const { reach = 'import', nesting = 0, scope = new Scope() } = options
  const { root, trouble } = parseSource(text)
  if (trouble !== undefined && nesting === 0) report.note(trouble)
  new SourceWalk(text, report, nesting).run(root, { scope, reach })
}
