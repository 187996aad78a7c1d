/**
 * Routes of the page that checks certificates: `/verify` to use, `/verify.html` to keep; and of what others verify with:
 * `/signing-key.pem` and `/trusted_root.json`, as they lie at home.
 *
 * The copy carries the keys of this register, and says so; the page itself tells its reader what that is worth. It is
 * made at the first request and kept.
 */
import type { FastifyInstance } from 'fastify'
import { loadVerifierPage } from '../web/verifier/load.ts'
import { embedTrust } from '../web/verifier/template.ts'
import type { CertificateParts } from './certificates.ts'

function policyOf(page: string): string {
  const [, policy = "default-src 'none'"] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
  return `${policy.replaceAll('&#39;', "'")}; frame-ancestors 'none'`
}

/** Long enough to spare the server, short enough that a new log or key is known within the hour. */
const CACHED = 'public, max-age=3600'

function addTrustFiles(server: FastifyInstance, { trust = {} }: CertificateParts): void {
  const files = [
    ['/signing-key.pem', trust.signingKey, 'text/plain; charset=utf-8'],
    ['/trusted_root.json', trust.trustedRoot, 'application/json; charset=utf-8'],
  ] as const
  for (const [path, text, type] of files) {
    if (text === undefined) continue
    server.get(path, (_request, reply) => reply.header('cache-control', CACHED).type(type).send(text))
  }
}

/** Adds the routes. */
export function addVerifier(server: FastifyInstance, parts: CertificateParts): void {
  let page: Promise<string> | undefined
  const load = async (): Promise<string> => {
    const empty = await loadVerifierPage()
    const { trust = {}, sources = {} } = parts
    const files = [trust.signingKey, trust.trustedRoot].filter((text) => text !== undefined)
    if (files.length === 0) return empty
    return embedTrust(empty, {
      from: sources.publicAddress ?? 'a register without a public address',
      files,
    })
  }
  for (const [path, more] of [
    ['/verify', {}],
    ['/verify.html', { 'content-disposition': 'attachment; filename="check-a-certificate.html"' }],
  ] as const)
    server.get(path, async (_request, reply) => {
      page ??= load()
      const text = await page
      return reply
        .headers({ ...more, 'content-security-policy': policyOf(text) })
        .type('text/html; charset=utf-8')
        .send(text)
    })
  addTrustFiles(server, parts)
}
