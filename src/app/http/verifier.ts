/**
 * Routes of the page that checks certificates: `/verify` to use, `/verify.html` to keep.
 *
 * The copy carries the keys of this register, and says so; the page itself tells its reader what that is worth. It is
 * made at the first request and kept.
 */
import type { FastifyInstance } from 'fastify'
import { loadVerifierPage } from '../web/verifier/load.ts'
import { embedTrust } from '../web/verifier/template.ts'
import type { CertificateParts } from './certificates.ts'

/** Keys and roots that are put into the page: texts of `.pem` files and of `trusted_root.json`. */
export interface VerifierSources {
  readonly trustFiles?: readonly string[]
}

function policyOf(page: string): string {
  const [, policy = "default-src 'none'"] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
  return `${policy.replaceAll('&#39;', "'")}; frame-ancestors 'none'`
}

/** Adds the routes. */
export function addVerifier(server: FastifyInstance, parts: CertificateParts & VerifierSources): void {
  let page: Promise<string> | undefined
  const load = async (): Promise<string> => {
    const empty = await loadVerifierPage()
    const { trustFiles = [], sources = {} } = parts
    if (trustFiles.length === 0) return empty
    return embedTrust(empty, {
      from: sources.publicAddress ?? 'a register without a public address',
      files: trustFiles,
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
}
