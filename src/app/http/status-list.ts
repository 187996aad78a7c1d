/** The route of the signed status list: `/status/status-1`, a Sigstore bundle that `verify --status` takes. */
import type { FastifyInstance } from 'fastify'

/** What the route serves. */
export interface StatusRoutes {
  /** Name of the list. */
  readonly name: string
  /** The list as it stands now; whoever makes it keeps it as long as it holds. */
  readonly current: () => Promise<{ readonly bundle: string }>
}

/** Seconds for which others may keep it: less than what makes it stale by far. */
const KEPT_SECONDS = 60

/** Adds the route. */
export function addStatusList(server: FastifyInstance, { name, current }: StatusRoutes): void {
  server.get(`/status/${name}`, async (_request, reply) => {
    const { bundle } = await current()
    return reply
      .type('application/vnd.dev.sigstore.bundle.v0.3+json')
      .header('cache-control', `public, max-age=${KEPT_SECONDS}`)
      .header('access-control-allow-origin', '*')
      .send(Buffer.from(bundle))
  })
}
