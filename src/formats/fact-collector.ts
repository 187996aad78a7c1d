/**
 * Collects the facts of one file, and hands them on in pieces where the caller wants that.
 *
 * A file may hold a million tensors; the process that reads it must not hold a million facts. With `emit` a piece
 * leaves whenever a thousand facts are there, and what `finish` returns is only the rest.
 */
import { Fault } from '../base/index.ts'
import { AnomalyList, type AnomalyMeaning } from './anomaly-list.ts'
import type {
  Claim,
  ClaimRole,
  CodeFact,
  FileFacts,
  MetadataFact,
  ReferenceFact,
  TemplateFact,
  TensorFact,
  WeightUse,
} from './facts.ts'
import { describeTemplate, isTemplate } from './jinja/index.ts'
import type { ReadRequest } from './reader.ts'

const PIECE = 1000
/** More entries of metadata, and more references, than any file is believed to need. */
const MOST_ENTRIES = 1_000_000
const MOST_CODE = 10_000
/** Longest text that becomes a fact, in UTF-16 units. */
export const LONGEST_TEXT = 1024 * 1024

interface Pending {
  tensors: TensorFact[]
  metadata: MetadataFact[]
  references: ReferenceFact[]
  texts: { locus: string; text: string }[]
  code: CodeFact[]
  templates: TemplateFact[]
  weightUses: WeightUse[]
}

function nothing(): Pending {
  return { tensors: [], metadata: [], references: [], texts: [], code: [], templates: [], weightUses: [] }
}

/** Some facts are those of few files: where there are none, the member is absent. */
function withoutEmpty({
  texts,
  code,
  templates,
  weightUses,
  ...always
}: Pending): Pick<Pending, 'tensors' | 'metadata' | 'references'> {
  return {
    ...always,
    ...(texts.length > 0 && { texts }),
    ...(code.length > 0 && { code }),
    ...(templates.length > 0 && { templates }),
    ...(weightUses.length > 0 && { weightUses }),
  }
}

/** See the module. `Code` are the anomaly codes of the format. */
export class FactCollector<Code extends string> {
  readonly anomalies: AnomalyList<Code>
  readonly #request: ReadRequest
  readonly #format: string
  readonly #claims: Claim[] = []
  #pending = nothing()
  #count = 0
  #entries = 0
  #programs = 0
  #cut: string | undefined

  constructor(request: ReadRequest, format: string, meanings: readonly (AnomalyMeaning & { readonly code: Code })[]) {
    this.#request = request
    this.#format = format
    this.anomalies = new AnomalyList(meanings)
  }

  /** Path of the file within the artefact. */
  get path(): string {
    return this.#request.path
  }

  /** Adds a tensor; one item of the budget. */
  tensor(fact: TensorFact): void {
    this.#pending.tensors.push(fact)
    this.#spend()
  }

  /** Adds an entry of metadata; one item of the budget. @throws Fault `budget-items` above a million */
  metadata(fact: MetadataFact): void {
    this.#countEntry()
    this.#pending.metadata.push(fact)
    this.#spend()
  }

  /** Adds a reference; one item of the budget. @throws Fault `budget-items` above a million */
  reference(fact: ReferenceFact): void {
    this.#countEntry()
    this.#pending.references.push(fact)
    this.#spend()
  }

  /** Says that a part of the file was left unread, which keeps it from being `full`. */
  leaveUnread(reason: string): void {
    this.#cut ??= reason
  }

  /** Adds a text, cut to {@link LONGEST_TEXT}; a file of which a text was cut is not read in full. */
  text(locus: string, text: string): void {
    if (text.length > LONGEST_TEXT) this.leaveUnread(`${locus} has ${text.length} characters; ${LONGEST_TEXT} are kept`)
    this.#pending.texts.push({ locus, text: text.slice(0, LONGEST_TEXT).toWellFormed() })
    if (isTemplate(this.#format, locus, text)) this.#template(describeTemplate(text, locus))
    this.#spend()
  }

  #template(fact: TemplateFact): void {
    if (fact.trouble !== undefined) this.leaveUnread(`the template ${fact.locus} does not parse: ${fact.trouble}`)
    this.#pending.templates.push(fact)
  }

  /** Adds how the graph uses a tensor; one item of the budget. */
  weightUse(fact: WeightUse): void {
    this.#pending.weightUses.push(fact)
    this.#spend()
  }

  /** Adds what a program does; of more than ten thousand facts the rest is left unread. */
  code(fact: CodeFact): void {
    if (++this.#programs > MOST_CODE) return this.leaveUnread(`more than ${MOST_CODE} facts of code`)
    this.#pending.code.push(fact)
    this.#spend()
  }

  /** Claims bytes; a claim that continues the one before it in the same role is joined to it. */
  claim(role: ClaimRole, from: number, to: number): void {
    const last = this.#claims.at(-1)
    if (last?.role === role && last.to === from) this.#claims[this.#claims.length - 1] = { role, from: last.from, to }
    else if (from !== to) this.#claims.push({ role, from, to })
  }

  #countEntry(): void {
    if (++this.#entries > MOST_ENTRIES) throw new Fault('budget-items', `more than ${MOST_ENTRIES} entries`)
  }

  #spend(): void {
    this.#request.budget.spendItems()
    if (++this.#count < PIECE || this.#request.emit === undefined) return
    this.#request.emit(this.#pending)
    this.#pending = nothing()
    this.#count = 0
  }

  /**
   * The facts. A reading that is claimed `full` becomes `broken` when an anomaly broke it, and `listed` when a text was
   * cut.
   */
  finish(
    claimed: {
      readonly reading?: 'listed' | 'recognised'
      readonly reason?: string
      readonly broken?: 'listed' | 'unread'
    } = {},
  ): FileFacts {
    const broken = this.anomalies.reason === undefined ? undefined : (claimed.broken ?? 'unread')
    const reading = broken ?? claimed.reading ?? (this.#cut === undefined ? 'full' : 'listed')
    const reason = this.anomalies.reason ?? claimed.reason ?? this.#cut
    return {
      path: this.#request.path,
      size: this.#request.source.size,
      format: this.#format,
      reading,
      ...(reason === undefined ? {} : { reason }),
      ...withoutEmpty(this.#pending),
      claims: this.#claims,
      anomalies: this.anomalies.toArray(),
    }
  }
}
