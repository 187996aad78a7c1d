/**
 * The re-derivation as the predicate of a statement: these parents, this transform, these parameters, by this version;
 * so many tensors came out bit for bit and these did not. The subject is the child.
 *
 * It is signed whatever the outcome: a transform that does not reproduce the child stays on the record too.
 *
 * Source: in-toto attestation framework 1.2; ResourceDescriptor for the parents.
 */
import { signStatement, type SignedStatement } from './certify.ts'
import type { Signer } from './keys/signing-key.ts'
import { describeModel, STATEMENT_TYPE, type Statement } from './statement.ts'

/** Type of the predicate. */
const REDERIVATION_TYPE = 'https://tidewaiter.example/attestation/re-derivation/v0.1'

/** A model by name and digests. */
export interface NamedModel {
  readonly name: string
  readonly sha256: string
  readonly dirHash: string
}

/** What was run again and what came of it. */
export interface RederivationClaim {
  readonly outcome: 're-derived' | 'not-re-derived'
  readonly transform: { readonly name: string; readonly order: string }
  readonly parameters: Readonly<Record<string, string>>
  /** RFC 3339 in UTC, to the second. */
  readonly performedAt: string
  readonly tool: { readonly name: string; readonly version: string }
  readonly tensors: {
    readonly total: number
    readonly equal: number
    /** SHA-256 over the digests of all tensors of the child, in their order. */
    readonly digest: string
    /** Names of those that did not come out. */
    readonly others: readonly string[]
  }
}

/** Signs the statement about a re-derivation. @throws Fault like {@link signStatement} */
export async function signRederivation(
  about: { readonly child: NamedModel; readonly parents: readonly NamedModel[]; readonly claim: RederivationClaim },
  signer: Signer,
): Promise<SignedStatement> {
  const { child, parents, claim } = about
  const statement: Statement = {
    _type: STATEMENT_TYPE,
    subject: [describeModel(child.name, child)],
    predicateType: REDERIVATION_TYPE,
    predicate: { parents: parents.map((parent) => describeModel(parent.name, parent)), ...claim },
  }
  return signStatement(statement, signer)
}
