/**
 * A certificate in the words of others: a Simple Verification Result about the same subject, signed by the same key,
 * stamped and logged like the certificate.
 *
 * Nothing is exported that does not hold today: a policy engine looks neither at the day on which a clearance ends nor
 * at the docket of the model, and would go on to let it pass.
 */
import { Fault, systemClock } from '../../base/index.ts'
import { exportSvr, signStatement, STATEMENT_TYPE, type Statement } from '../../certificate/index.ts'
import type { CertificateRecord, DocketStatement, Register } from '../../register/index.ts'
import { parseNumber, verifyBundle, type VerifiedStatement } from '../../verify.ts'
import type { Context } from '../context.ts'
import { loadSigner } from '../keys/load-signer.ts'
import { openRecord } from '../log/open-record.ts'

/** Forms that exist. */
export const EXPORT_FORMS = ['svr', 'test-result'] as const

/** See {@link EXPORT_FORMS}. */
export type ExportForm = (typeof EXPORT_FORMS)[number]

/** A statement that was exported. */
export interface ExportedStatement {
  readonly bundle: string
  readonly predicateType: string
}

interface Revoking {
  readonly predicate: {
    readonly action: string
    readonly target: { readonly leafHash: string; readonly number?: string }
  }
}

/** What the last word on a certificate is in its docket; undefined when nothing was said. Rows of our own are read. */
function lastAction(
  docket: readonly DocketStatement[],
  { number, leafHash }: { readonly number: string; readonly leafHash: string | undefined },
): string | undefined {
  const said = docket
    .filter(({ kind }) => kind === 'revocation')
    .map(({ bundle }) => JSON.parse(bundle) as { readonly dsseEnvelope: { readonly payload: string } })
    .map(({ dsseEnvelope }) => JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as Revoking)
    .filter(({ predicate: { target } }) => target.number === number || target.leafHash === leafHash)
  return said.at(-1)?.predicate.action
}

/** A model that was let in once may have been held or refused since; then the old word is not repeated. */
async function ensureNewest(
  register: Register,
  { number, modelId }: Pick<CertificateRecord, 'number' | 'modelId'>,
): Promise<void> {
  const standings = await register.standings([modelId])
  const newer = standings.find((each) => each.modelId === modelId && each.number !== number)
  if (newer === undefined || newer.decision.startsWith('cleared')) return
  throw new Fault(
    'certificate-refused',
    `the model was ${newer.decision} by certificate ${newer.number} since certificate ${number}`,
  )
}

async function readHolding(
  { number, modelId, bundle }: CertificateRecord,
  register: Register,
  publicKeyPem: string,
): Promise<VerifiedStatement> {
  const report = await verifyBundle(Buffer.from(bundle), { now: systemClock.now(), publicKeyPem })
  const { verdict, reason, statement } = report
  if (statement === null || !['pass', 'partial'].includes(verdict))
    throw new Fault(
      'certificate-refused',
      `certificate ${number} does not hold (${reason ?? verdict}): nothing to export`,
    )
  const docket = await register.statements.listOf(modelId)
  const leafHash = docket.find((each) => each.kind === 'clearance' && each.number === number)?.leafHash
  const action = lastAction(docket, { number, leafHash })
  if (action !== undefined && action !== 'reinstate')
    throw new Fault('certificate-refused', `certificate ${number} no longer holds; its docket says: ${action}`)
  await ensureNewest(register, { number, modelId })
  return statement
}

async function findCertificate(register: Register, given: string): Promise<CertificateRecord> {
  const number = given.replaceAll(/[ -]/g, '')
  parseNumber(number)
  const certificate = await register.findCertificate(number)
  if (certificate === undefined) throw new Fault('no-such-certificate', `no certificate ${number} was issued here`)
  return certificate
}

/** What the certificate comes to. @throws Fault `not-exportable` */
function describe(
  { clearance }: VerifiedStatement,
  base: string,
  number: string,
): Pick<Statement, 'predicateType' | 'predicate'> {
  const exported =
    clearance === undefined ? undefined : exportSvr({ kind: 'clearance', content: clearance }, `${base}/verifier/v1`)
  if (exported === undefined)
    throw new Fault(
      'not-exportable',
      `certificate ${number} is ${clearance?.decision ?? 'no clearance'}; an svr lists only what was passed, and nothing was`,
    )
  return exported
}

/**
 * Exports a certificate of this register.
 *
 * @throws Fault `not-exportable`, `certificate-number`, `no-such-certificate`, `certificate-refused`; those of keys and log
 */
export async function exportCertificate(
  given: string,
  form: ExportForm,
  { context, register }: { readonly context: Context; readonly register: Register },
): Promise<ExportedStatement> {
  const certificate = await findCertificate(register, given)
  const { number } = certificate
  if (form === 'test-result')
    throw new Fault(
      'not-exportable',
      `test-result is for the result of an MOT, and certificate ${number} is a clearance and no test; take --as svr`,
    )
  const key = await loadSigner(context)
  const holding = await readHolding(certificate, register, key.publicKeyPem)
  const record = await openRecord(context, register, key)
  const said = describe(holding, context.settings.publicAddress ?? `https://${record.origin}`, number)
  const { name, digest } = holding.subject
  const statement: Statement = { _type: STATEMENT_TYPE, subject: [{ name, digest }], ...said }
  const { bundle } = await signStatement(statement, key, record.publication)
  return { bundle, predicateType: said.predicateType }
}
