/**
 * Routes of certificates by their numbers: `/c/260000000012` is the page, `.json` the certificate, `.tlog-proof` the
 * proof of the log, `.qr.svg` and `.qr.png` the code to print.
 *
 * A number is read as people write it, with spaces or dashes, and answered at its one address; one whose check digit
 * does not fit is called mistyped. What only other stages know (the log, replies, the status, the signed token) is
 * asked of functions that whoever wires the server hands in; without them the page says that it is not known.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formatGroups, formatTime, isFault } from '../../base/index.ts'
import { proofInside, readUnverified, tokenAddress, type StatementCommon } from '../../certificate/index.ts'
import type { Dossier } from '../../dossier/index.ts'
import type { CertificateRecord } from '../../register/index.ts'
import { parseNumber } from '../../verify.ts'
import type { PublishedTrust } from '../trust/published-trust.ts'
import {
  renderCertificate,
  type CertificateStatus,
  type CertificateView,
  type ReplyRecord,
} from '../web/certificate.ts'
import { renderNothing } from '../web/pages.ts'
import { drawQr, renderQrPng, renderQrSvg } from '../web/qr.ts'
import type { ServerParts } from './api.ts'

/** What other stages know about a certificate, by its number. */
export interface CertificateSources {
  /** Text of a C2SP tlog-proof, when there is a newer one than that in the certificate. */
  findProof?(number: string): Promise<string | undefined>
  /** The compact token. */
  findToken?(certificate: CertificateRecord): Promise<string | undefined>
  findStatus?(number: string): Promise<CertificateStatus | undefined>
  findReplies?(number: string): Promise<readonly ReplyRecord[]>
  /** Where strangers reach this register, such as `https://register.example`; the host that was asked when absent. */
  readonly publicAddress?: string
}

/** Parts of the server that the routes use. */
export type CertificateParts = ServerParts & {
  readonly sources?: CertificateSources
  /** What those who verify are given: key and trusted root. */
  readonly trust?: PublishedTrust
}

interface Asked {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly parts: CertificateParts
  readonly certificate: CertificateRecord
}

type Answer = (asked: Asked) => Promise<FastifyReply>

function sendNothing(reply: FastifyReply, what: string): FastifyReply {
  return reply.code(404).type('text/html; charset=utf-8').send(renderNothing(what))
}

function baseAddress({ request, parts }: Asked): string {
  const { publicAddress } = parts.sources ?? {}
  if (publicAddress !== undefined) return publicAddress
  const host = /^[\w.:[\]-]{1,255}$/.test(request.host) ? request.host : 'localhost'
  return `${request.protocol}://${host}`
}

async function makeCode(asked: Asked): Promise<{ readonly address: string; readonly signed: boolean }> {
  const token = await asked.parts.sources?.findToken?.(asked.certificate)
  return { address: tokenAddress(baseAddress(asked), asked.certificate.number, token), signed: token !== undefined }
}

function drawCode(address: string, number: string): CertificateView['code']['picture'] {
  return renderQrSvg(drawQr(address), `QR code of certificate ${formatGroups(number)}`)
}

async function findProof({ parts, certificate }: Asked): Promise<string | undefined> {
  return (await parts.sources?.findProof?.(certificate.number)) ?? proofInside(certificate.bundle)
}

/** Where the certificate says that it stands, and the proof where in it. */
function placeInLog(log: StatementCommon['log'] | undefined, proof: string | undefined): CertificateView['entry'] {
  const [, index] = /^index ([0-9]{1,15})$/m.exec(proof ?? '') ?? []
  return index === undefined || typeof log !== 'object' ? undefined : { origin: log.origin, index: Number(index) }
}

/** What strangers are given to check with. */
function givenTo({ trust }: Asked['parts']): NonNullable<CertificateView['given']> {
  return { key: trust?.signingKey !== undefined, root: trust?.trustedRoot !== undefined }
}

/** Who issued it and where it stands, by its own word. */
function describeInside(
  bundle: string,
  proof: string | undefined,
): Pick<CertificateView, 'issuer' | 'entry' | 'logged'> {
  const { issuer, log } = readUnverified(bundle) ?? {}
  const entry = placeInLog(log, proof)
  return {
    logged: proof !== undefined,
    ...(issuer === undefined ? {} : { issuer }),
    ...(entry === undefined ? {} : { entry }),
  }
}

const sendPage: Answer = async (asked) => {
  const { certificate, parts, reply } = asked
  const { number } = certificate
  const { register, clock, sources = {} } = parts
  const [dossier, model, code] = await Promise.all([
    register.findDossier(certificate.dossier),
    register.findModel(certificate.modelId),
    makeCode(asked),
  ])
  const [status, replies = [], proof] = await Promise.all([
    sources.findStatus?.(number),
    sources.findReplies?.(number),
    findProof(asked),
  ])
  const view: CertificateView = {
    certificate,
    expired: certificate.expiresOn <= formatTime(clock.now()),
    replies,
    ...describeInside(certificate.bundle, proof),
    given: givenTo(parts),
    code: { ...code, picture: drawCode(code.address, number) },
    ...(model === undefined ? {} : { model }),
    ...(dossier === undefined ? {} : { dossier: JSON.parse(dossier) as Dossier }),
    ...(status === undefined ? {} : { status }),
  }
  return reply.type('text/html; charset=utf-8').send(renderCertificate(view))
}

const sendBundle: Answer = async ({ reply, certificate: { number, bundle } }) =>
  reply
    .type('application/vnd.dev.sigstore.bundle.v0.3+json')
    .header('content-disposition', `attachment; filename="${number}.sigstore.json"`)
    .send(Buffer.from(bundle))

const sendProof: Answer = async (asked) => {
  const { reply, certificate } = asked
  const proof = await findProof(asked)
  if (proof === undefined) return sendNothing(reply, 'No proof of a log is kept here for this certificate.')
  return reply
    .type('text/plain; charset=utf-8')
    .header('content-disposition', `attachment; filename="${certificate.number}.tlog-proof"`)
    .send(proof)
}

const sendSvg: Answer = async (asked) => {
  const { address } = await makeCode(asked)
  return asked.reply.type('image/svg+xml').send(drawCode(address, asked.certificate.number).markup)
}

const sendPng: Answer = async (asked) => {
  const { address } = await makeCode(asked)
  return asked.reply.type('image/png').send(Buffer.from(renderQrPng(drawQr(address))))
}

const ANSWERS: ReadonlyMap<string, Answer> = new Map([
  ['', sendPage],
  ['.json', sendBundle],
  ['.tlog-proof', sendProof],
  ['.qr', sendSvg],
  ['.qr.svg', sendSvg],
  ['.qr.png', sendPng],
])

function isMistyped(number: string): boolean {
  try {
    parseNumber(number)
    return false
  } catch (thrown) {
    return isFault(thrown, 'certificate-number')
  }
}

/** Adds the routes. */
export function addCertificates(server: FastifyInstance, parts: CertificateParts): void {
  server.get<{ Params: { name: string } }>('/c/:name', async (request, reply) => {
    const [, given = '', kind = ''] = /^([0-9 -]{1,40})(\.[a-z.-]+)?$/.exec(request.params.name) ?? []
    const number = given.replaceAll(/[ -]/g, '')
    const answer = ANSWERS.get(kind)
    if (number === '' || answer === undefined)
      return sendNothing(reply, 'A certificate is asked for by its number of 12 digits.')
    const certificate = await parts.register.findCertificate(number)
    if (certificate === undefined)
      return sendNothing(
        reply,
        isMistyped(number)
          ? 'This number is mistyped: its check digit does not fit. Compare it with the certificate, digit by digit.'
          : 'No certificate of this number was issued here.',
      )
    if (given !== number) return reply.redirect(`/c/${number}${kind}`, 301)
    return answer({ request, reply, parts, certificate })
  })
  const move = (kind: string) => (request: FastifyRequest<{ Params: { number: string } }>, reply: FastifyReply) =>
    reply.redirect(`/c/${encodeURIComponent(request.params.number)}${kind}`, 301)
  server.get('/certificates/:number', move(''))
  server.get('/certificates/:number/bundle.json', move('.json'))
}
