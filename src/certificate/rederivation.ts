/**
 * The re-derivation as the predicate of a statement: these parents, this transform, these parameters, by this version;
 * so many tensors came out bit for bit and these did not. The subject is the child.
 *
 * It is signed whatever the outcome: a transform that does not reproduce the child stays on the record too.
 *
 * Source: in-toto attestation framework 1.2; ResourceDescriptor for the parents.
 */
import { signStatement, type SignedStatement } from './certify.ts'
import { webCryptography } from './cryptography.ts'
import type { Signer } from './keys/signing-key.ts'
import { nameKey, readPublicKey } from './public-key.ts'
import { describeModel, STATEMENT_TYPE, type Statement } from './statement.ts'
import { predicateTypeOf } from './statements/schemas.ts'
import type { RederivationReport } from './statements/types/re-derivation.ts'

/** A model by name and digests. */
export interface NamedModel {
  readonly name: string
  readonly sha256: string
  readonly dirHash: string
}

/** What was run again and what came of it; what else the statement says is filled in. */
export type RederivationClaim = Pick<
  RederivationReport,
  'outcome' | 'transform' | 'parameters' | 'performedAt' | 'tool' | 'tensors'
>

/** What is said of a re-derivation, without who says it and when. */
export type RederivationContent = RederivationClaim & Pick<RederivationReport, 'parents' | 'assurance'>

/** What the run came to. */
export interface RederivationRun {
  readonly child: NamedModel
  readonly parents: readonly NamedModel[]
  readonly claim: RederivationClaim
}

/** The content of the statement about a run. */
export function describeRederivation({ parents, claim }: RederivationRun): RederivationContent {
  return { ...claim, parents: parents.map((parent) => describeModel(parent.name, parent)), assurance: 'self-attested' }
}

/** Signs the statement about a re-derivation that is kept to oneself: not logged. @throws Fault like {@link signStatement} */
export async function signRederivation(about: RederivationRun, signer: Signer): Promise<SignedStatement> {
  const { child, claim } = about
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const statement: Statement<RederivationReport> = {
    _type: STATEMENT_TYPE,
    subject: [describeModel(child.name, child)],
    predicateType: predicateTypeOf('re-derivation'),
    predicate: {
      ...describeRederivation(about),
      issuer: { keyId },
      issuedAt: claim.performedAt,
      log: 'not logged',
    },
  }
  return signStatement(statement, signer)
}
