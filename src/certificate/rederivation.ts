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

function describeParent({ name, sha256, dirHash }: NamedModel): RederivationReport['parents'][number] {
  return { name, digest: { sha256, dirHash, dirHash1: dirHash } }
}

/** Signs the statement about a re-derivation. @throws Fault like {@link signStatement} */
export async function signRederivation(
  about: { readonly child: NamedModel; readonly parents: readonly NamedModel[]; readonly claim: RederivationClaim },
  signer: Signer,
): Promise<SignedStatement> {
  const { child, parents, claim } = about
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const statement: Statement<RederivationReport> = {
    _type: STATEMENT_TYPE,
    subject: [describeModel(child.name, child)],
    predicateType: predicateTypeOf('re-derivation'),
    predicate: {
      ...claim,
      parents: parents.map(describeParent),
      issuer: { keyId },
      issuedAt: claim.performedAt,
      assurance: 'self-attested',
      log: 'not logged',
    },
  }
  return signStatement(statement, signer)
}
