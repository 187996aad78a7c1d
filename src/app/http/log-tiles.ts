/**
 * A log to be read: its checkpoint, tiles and entry bundles, as files that never change but one.
 *
 * Served is what the published checkpoint covers and nothing beyond it. A partial tile may be gone once it is full; then
 * a client takes the full one.
 *
 * Source: C2SP tlog-tiles 0.1.0.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { readCheckpoint } from '../../certificate/index.ts'
import { entryBundlePath, isStoredPath, TILE_WIDTH, tilePath, tileWidth, type TileStore } from '../../log/index.ts'
import { sendProblem } from './problem.ts'

const CHECKPOINT = 'checkpoint'
const FOREVER = 'public, max-age=31536000, immutable'
const FORM = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/

/** True for the one path of a tile or bundle that a log of `size` leaves has. */
function isCovered(path: string, size: number): boolean {
  const [, kind = '', groups = '', partial] = FORM.exec(path) ?? []
  const index = Number(groups.replaceAll(/[x/]/g, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  if (groups === '' || !Number.isSafeInteger(index) || width < 1 || width > TILE_WIDTH) return false
  const level = kind === 'entries' ? 0 : Number(kind)
  const canonical = kind === 'entries' ? entryBundlePath({ index, width }) : tilePath({ level, index, width })
  return canonical === path && tileWidth({ level, index }, size) >= width
}

/** Adds the routes of a log below where `server` stands. */
export function addLogTiles(server: FastifyInstance, store: TileStore): void {
  const none = (reply: FastifyReply): FastifyReply =>
    sendProblem(reply.header('cache-control', 'no-store'), 404, ['no-such-tile', 'the log has nothing under this name'])
  server.get(`/${CHECKPOINT}`, async (_request, reply) => {
    const note = await store.get(CHECKPOINT)
    if (note === undefined) return none(reply)
    return reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8').send(Buffer.from(note))
  })
  server.get<{ Params: { '*': string } }>('/tile/*', async (request, reply) => {
    const path = `tile/${request.params['*']}`
    const note = isStoredPath(path) ? await store.get(CHECKPOINT) : undefined
    if (note === undefined) return none(reply)
    const { size } = readCheckpoint(Buffer.from(note).toString('utf8'))
    const bytes = isCovered(path, Number(size)) ? await store.get(path) : undefined
    if (bytes === undefined) return none(reply)
    return reply.header('cache-control', FOREVER).type('application/octet-stream').send(Buffer.from(bytes))
  })
}
