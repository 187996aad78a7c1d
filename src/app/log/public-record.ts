/**
 * The public record: what is said of a model is signed, stamped, logged and linked into the docket of that model.
 *
 * A statement names its place in the docket, so the place is looked up first; the log refuses it when another statement
 * took that place meanwhile, and then it is signed anew for the next one. The leaf of the statement and its link in the
 * docket are appended together or not at all, before anybody is handed the bundle. The text is kept before the log takes
 * it, so that nothing ever stands in the log of which the text is lost; see `finish-drafts.ts`. What the rules of dockets
 * forbid (a revocation by a key that may not, one of what was never said, a second end of what has ended) is refused before
 * it is kept or appended, since nothing leaves the log again.
 *
 * Guarantee: a bundle that leaves here is in the log under a published checkpoint, with the witnesses that the policy
 * of the log asks for, and carries a timestamp.
 */
import { Fault } from '../../base/index.ts'
import {
  admitLeaf,
  buildRegisterLeaf,
  chainOf,
  familyOf,
  headOf,
  predicateTypeOf,
  readRegisterLeaf,
  requestTimestamp,
  signedDigestOf,
  signStatement,
  STATEMENT_TYPE,
  toHex,
  type Docket,
  type DocketPlace,
  type Issuer,
  type PredicateOf,
  type Publication,
  type ReadPredicate,
  type Signer,
  type Statement,
  type StatementKind,
} from '../../certificate/index.ts'
import { hashLeaf, type ChainConflict, type TransparencyLog } from '../../log/index.ts'
import type { DocketStatement, Register } from '../../register/index.ts'
import type { Stamp } from '../http/log-timestamp.ts'
import { enterLeaves } from './enter-leaves.ts'
import { finishDrafts } from './finish-drafts.ts'
import type { MayIssue } from './issuers.ts'
import { readDocket } from './read-docket.ts'

/** What a statement says, without what the record fills in. */
export type Saying<Kind extends StatementKind> = Omit<PredicateOf<Kind>, 'docket' | 'log' | 'issuer' | 'issuedAt'>

/** Whom a statement is about, who says it, and what. */
export interface ToSay<Kind extends StatementKind> {
  readonly kind: Kind
  readonly subject: Statement['subject'][0]
  readonly modelId: string
  /** Taken unless the docket has a family already. */
  readonly familyId: string
  readonly issuer: Issuer
  /** RFC 3339. */
  readonly issuedAt: string
  readonly content: Saying<Kind>
}

/** What was said, as it stands in the log and the register. */
export interface Said extends DocketStatement {
  readonly statement: Statement
}

/** What the record is made of. */
export interface RecordParts {
  readonly log: TransparencyLog
  /** 32 bytes. */
  readonly logId: Uint8Array
  /** Answers requests for timestamps. */
  readonly stamp: Stamp
  readonly signer: Signer
  readonly register: Register
  /** Whose statements count. */
  readonly mayIssue: MayIssue
}

/** A signed statement on its way into the log. */
interface Entering {
  readonly leaf: Uint8Array
  readonly predicate: ReadPredicate
  /** SHA-256 of what was signed, hex. */
  readonly statement: string
  /** The docket before it. */
  readonly before: Docket | undefined
}

const MOST_RACES = 8

/** Another statement took the place in the docket. */
class PlaceTaken extends Error {
  readonly conflict: ChainConflict

  constructor(conflict: ChainConflict) {
    super(`the docket ${conflict.key} has gone on`)
    this.conflict = conflict
  }
}

function placeAfter(docket: Docket | undefined, to: Pick<ToSay<'reply'>, 'modelId' | 'familyId'>): DocketPlace {
  const { modelId } = to
  const familyId = familyOf(docket) ?? to.familyId
  const head = headOf(docket)
  if (head === undefined) return { modelId, familyId, seq: 0 }
  return { modelId, familyId, seq: head.leaf.seq + 1, prev: { index: head.index, leafHash: head.hash } }
}

/** See the module. */
export class PublicRecord {
  readonly #parts: RecordParts

  constructor(parts: RecordParts) {
    this.#parts = parts
  }

  get origin(): string {
    return this.#parts.log.origin
  }

  /** The link of a statement, when the rules of dockets let it stand next. @throws Fault those of `admitLeaf` */
  #admit({ leaf, predicate, statement, before }: Entering): Uint8Array {
    const link = buildRegisterLeaf({ predicate, statement, entry: toHex(hashLeaf(leaf)) })
    const logged = { index: Number.MAX_SAFE_INTEGER, hash: toHex(hashLeaf(link)), leaf: readRegisterLeaf(link) }
    admitLeaf(before, logged, { mayIssue: this.#parts.mayIssue })
    return link
  }

  /** Stamps, and logs what has no place in a docket: manifests, and copies of certificates in the words of others. */
  get publication(): Required<Publication> {
    return {
      stamp: async (signature) => this.#parts.stamp(await requestTimestamp(signature, true)),
      log: async (leaf) => {
        const entered = await enterLeaves(this.#parts, leaf)
        if (!entered.ok) throw new PlaceTaken(entered.reason)
        return entered.value.entry
      },
    }
  }

  async #sign<Kind extends StatementKind>(what: ToSay<Kind>): Promise<Said> {
    const { log, signer, register, mayIssue } = this.#parts
    const { kind, subject, issuer, issuedAt, content } = what
    const before = await readDocket(log, what.modelId, mayIssue)
    const docket = placeAfter(before, what)
    const predicate = { ...content, docket, issuer, issuedAt, log: { origin: this.origin } }
    const statement: Statement = {
      _type: STATEMENT_TYPE,
      subject: [subject],
      predicateType: predicateTypeOf(kind),
      predicate,
    }
    const digest = await signedDigestOf(statement)
    const number = 'number' in predicate && typeof predicate.number === 'string' ? predicate.number : null
    let leafIndex = -1
    const publication: Publication = {
      ...this.publication,
      log: async (leaf, unlogged) => {
        const said = { kind, content: predicate } as unknown as ReadPredicate
        const link = this.#admit({ leaf, predicate: said, statement: digest, before })
        const { modelId, familyId, seq } = docket
        const leafHash = toHex(hashLeaf(leaf))
        const shared = { leafHash, modelId, familyId, seq, kind, number, origin: this.origin, issuedAt }
        await register.statements.keepDraft({ ...shared, bundle: unlogged })
        const entered = await enterLeaves(this.#parts, leaf, { leaf: link, chain: chainOf(readRegisterLeaf(link)) })
        if (!entered.ok) throw new PlaceTaken(entered.reason)
        leafIndex = entered.value.last
        return entered.value.entry
      },
    }
    const { bundle, leafHash } = await signStatement(statement, signer, publication)
    const { modelId, familyId, seq } = docket
    const kept = { leafHash, modelId, familyId, seq, kind, number, origin: this.origin, leafIndex, issuedAt, bundle }
    await register.statements.keep(kept)
    return { ...kept, statement }
  }

  /**
   * Says something of a model, on the record.
   *
   * @throws Fault `docket-busy` when others keep taking the place; those of `admitLeaf`, such as `role`; those of signing, stamping, logging and the register
   */
  async say<Kind extends StatementKind>(what: ToSay<Kind>): Promise<Said> {
    await finishDrafts(what.modelId, this.#parts)
    for (let races = 0; races < MOST_RACES; races++) {
      try {
        return await this.#sign(what)
      } catch (thrown) {
        if (!(thrown instanceof PlaceTaken)) throw thrown
      }
    }
    throw new Fault('docket-busy', `the docket of ${what.modelId} went on ${MOST_RACES} times while this was signed`)
  }
}
