/**
 * The public record: what is said of a model is signed, stamped, logged and linked into the docket of that model.
 *
 * A statement names its place in the docket, so the place is looked up first; the log refuses it when another statement
 * took that place meanwhile, and then it is signed anew for the next one. The leaf of the statement and its link in the
 * docket are appended together or not at all, before anybody is handed the bundle. The text is kept before the log takes
 * it, so that nothing ever stands in the log of which the text is lost; see `finish-drafts.ts`.
 *
 * Guarantee: a bundle that leaves here is in the log under a published checkpoint, with the witnesses that the policy
 * of the log asks for, and carries a timestamp.
 */
import { Fault } from '../../base/index.ts'
import {
  buildRegisterLeaf,
  chainOf,
  predicateTypeOf,
  readRegisterLeaf,
  requestTimestamp,
  signedDigestOf,
  signStatement,
  STATEMENT_TYPE,
  type DocketPlace,
  type Issuer,
  type LogEntryContent,
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
import { finishDrafts } from './finish-drafts.ts'

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

/** See the module. */
export class PublicRecord {
  readonly #parts: RecordParts

  constructor(parts: RecordParts) {
    this.#parts = parts
  }

  get origin(): string {
    return this.#parts.log.origin
  }

  async #placeIn({ modelId, familyId }: { readonly modelId: string; readonly familyId: string }): Promise<DocketPlace> {
    const { log, register } = this.#parts
    const head = await log.head(`docket:${modelId}`)
    const family = (await register.statements.familyOf(modelId)) ?? familyId
    if (head === undefined) return { modelId, familyId: family, seq: 0 }
    const { seq, index, leafHash } = head
    return { modelId, familyId: family, seq: seq + 1, prev: { index, leafHash } }
  }

  /** Appends the leaf of a statement and its link, and waits for the checkpoint over both. */
  async #enter(leaf: Uint8Array, predicate: ReadPredicate, statement: string): Promise<[LogEntryContent, number]> {
    const { log, logId } = this.#parts
    const link = buildRegisterLeaf({ predicate, statement, entry: Buffer.from(hashLeaf(leaf)).toString('hex') })
    const appended = await log.append([
      { leaf, once: true },
      { leaf: link, chain: chainOf(readRegisterLeaf(link)) },
    ])
    if (!appended.ok) throw new PlaceTaken(appended.reason)
    const [own, linked] = appended.value
    if (own === undefined || linked === undefined) throw new Fault('log-gap', 'the log answered for fewer leaves')
    await log.publish()
    return [{ logId, body: leaf, proof: await log.prove(own.index) }, linked.index]
  }

  /** Stamps, and logs what has no place in a docket: manifests, and copies of certificates in the words of others. */
  get publication(): Required<Publication> {
    const { log, logId } = this.#parts
    return {
      stamp: async (signature) => this.#parts.stamp(await requestTimestamp(signature, true)),
      log: async (leaf) => {
        const appended = await log.append([{ leaf, once: true }])
        const [own] = appended.ok ? appended.value : []
        if (own === undefined) throw new Fault('log-gap', 'the log answered for no leaf')
        await log.publish()
        return { logId, body: leaf, proof: await log.prove(own.index) }
      },
    }
  }

  async #sign<Kind extends StatementKind>(what: ToSay<Kind>): Promise<Said> {
    const { signer, register } = this.#parts
    const { kind, subject, issuer, issuedAt, content } = what
    const docket = await this.#placeIn(what)
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
        const { modelId, familyId, seq } = docket
        const leafHash = Buffer.from(hashLeaf(leaf)).toString('hex')
        const draft = {
          leafHash,
          modelId,
          familyId,
          seq,
          kind,
          number,
          origin: this.origin,
          issuedAt,
          bundle: unlogged,
        }
        await register.statements.keepDraft(draft)
        const [entry, linked] = await this.#enter(
          leaf,
          { kind, content: predicate } as unknown as ReadPredicate,
          digest,
        )
        leafIndex = linked
        return entry
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
   * @throws Fault `docket-busy` when others keep taking the place; those of signing, stamping, logging and the register
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
