/**
 * What a hub knows of a repository: which commit a revision is, and the files of a commit.
 *
 * A branch moves; everything after this speaks of the commit that it stood for. Pages of the list of files are
 * followed on the hub's own host only.
 *
 * Source: gate.md 0a.2.1 (what clients ask and hubs answer).
 */
import { Fault } from '../../base/index.ts'
import { MAX_FILES } from '../list-folder.ts'
import type { HubReference } from '../reference.ts'
import { exchange, type Exchange, readAll } from '../remote/exchange.ts'
import { type Asked, refusalOf } from '../remote/refusal.ts'
import { retrying } from '../remote/retrying.ts'
import type { Wire } from '../remote/wire.ts'
import type { Endpoint } from './endpoint.ts'
import { readTree, type Tree } from './tree.ts'

const MAX_ANSWER = 64 * 1024 * 1024
const MAX_PAGES = 10_000

/** True for a full commit id. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision)
}

/** What a refusal will say was asked for. */
export function askedFor(reference: HubReference, endpoint: Endpoint, path?: string): Asked {
  const { repository, revision } = reference
  const hasToken = endpoint.credential !== undefined
  return { what: repository, isHub: true, hasToken, revision, ...(path !== undefined && { path }) }
}

/** A path with each part encoded. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

async function getJson(wire: Wire, url: string, asked: Asked): Promise<{ value: unknown; answer: Exchange }> {
  return retrying(wire, async () => {
    const answer = await exchange(wire, url, { accept: 'application/json' })
    if (answer.status !== 200) throw await refusalOf(answer, asked, wire.clock.now())
    const bytes = await readAll(answer, MAX_ANSWER)
    try {
      return { value: JSON.parse(bytes.toString('utf8')) as unknown, answer }
    } catch (cause) {
      throw new Fault('remote-protocol', `${answer.host} answers with something that is no JSON`, { cause })
    }
  })
}

/** The commit that a revision stands for now. @throws Fault `remote-…` */
export async function pinCommit(wire: Wire, endpoint: Endpoint, reference: HubReference): Promise<string> {
  const { repository, revision } = reference
  const url = `${endpoint.url}/api/models/${encodePath(repository)}/revision/${encodeURIComponent(revision)}`
  const { value } = await getJson(wire, url, askedFor(reference, endpoint))
  const sha = (value as { sha?: unknown } | null)?.sha
  if (typeof sha !== 'string' || !isCommit(sha)) {
    throw new Fault('remote-protocol', `${endpoint.host} names no commit for ${repository}@${revision}`)
  }
  if (isCommit(revision) && sha !== revision) {
    throw new Fault('remote-protocol', `${endpoint.host} answers commit ${sha} for ${revision}`)
  }
  return sha
}

function nextPage(answer: Exchange, url: string): string | undefined {
  const link = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(answer.headers.get('link') ?? '')?.[1]
  if (link === undefined) return undefined
  const next = URL.canParse(link, url) ? new URL(link, url) : undefined
  if (next?.origin !== new URL(url).origin) {
    throw new Fault('remote-protocol', `${answer.host} continues its list of files at another host; not followed`)
  }
  return next.href
}

/** The files of a commit. @throws Fault `remote-…`, `too-many-files` */
export async function listCommit(
  wire: Wire,
  endpoint: Endpoint,
  { reference, commit }: { readonly reference: HubReference; readonly commit: string },
): Promise<Tree> {
  const base = `${endpoint.url}/api/models/${encodePath(reference.repository)}/tree/${commit}`
  const entries: unknown[] = []
  const seen = new Set<string>()
  for (let url: string | undefined = `${base}?recursive=true&expand=false`; url !== undefined;) {
    if (seen.has(url) || seen.size >= MAX_PAGES) {
      throw new Fault('remote-protocol', `${endpoint.host}: the list of files does not end`)
    }
    seen.add(url)
    const { value, answer }: { value: unknown; answer: Exchange } = await getJson(
      wire,
      url,
      askedFor(reference, endpoint),
    )
    if (!Array.isArray(value)) throw new Fault('remote-protocol', `${endpoint.host}: the list of files is no list`)
    for (const entry of value as unknown[]) entries.push(entry)
    if (entries.length > MAX_FILES)
      throw new Fault('too-many-files', `${endpoint.host} lists more than ${MAX_FILES} entries`)
    url = nextPage(answer, url)
  }
  return readTree(entries)
}
