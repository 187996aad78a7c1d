/**
 * A hub for tests: two real HTTP servers that speak the Hugging Face protocol.
 *
 * One answers the API and small files, the other, at another origin, large files, as the real one sends them to its
 * storage by redirect. Faults can be planted on a route. Real clients (`hf download`) work with it too.
 *
 * Source of the protocol: gate.md 0a.2.1, 0a.3; huggingface_hub 2.4.0.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cleanable } from './folders.ts'

/** A repository with one commit. */
export interface TestRepository {
  readonly id: string
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Files that are kept as LFS objects. */
  readonly large: readonly string[]
  /** What the tree says instead of what is true, by path. */
  readonly treeEntries?: readonly unknown[]
}

/** What goes wrong on a route. */
export type HubFault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  | { readonly kind: 'cut'; readonly after: number }
  | { readonly kind: 'stall' }
  | { readonly kind: 'ignore-range' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'headers'; readonly headers: Record<string, string> }

/** One request as it came. */
export interface SeenRequest {
  readonly server: 'hub' | 'storage'
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

/** See the module. */
export interface TestHub {
  readonly url: string
  readonly storageUrl: string
  readonly commit: string
  readonly seen: SeenRequest[]
  /** Plants a fault on a route (`revision`, `tree` or the path of a file) for so many requests, or one a request. */
  plant(route: string, faults: HubFault | readonly HubFault[], times?: number): void
}

/** Options of {@link startHub}. */
export interface TestHubOptions {
  /** When given, everything at the hub wants it as a bearer token. */
  readonly token?: string
  /** Entries of the tree in one page. */
  readonly pageSize?: number
}

/** The commit that `main` stands for. */
export const TEST_COMMIT = '0123456789abcdef0123456789abcdef01234567'

interface State extends Required<Pick<TestHubOptions, 'pageSize'>> {
  readonly repository: TestRepository
  readonly token: string | undefined
  readonly seen: SeenRequest[]
  readonly faults: Map<string, HubFault | HubFault[]>
  storageUrl: string
}

function gitOid(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function treeEntry(path: string, bytes: Uint8Array, isLarge: boolean): unknown {
  const entry = { type: 'file', oid: gitOid(bytes), size: bytes.length, path }
  return isLarge ? { ...entry, lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 } } : entry
}

function takeFault(state: State, route: string): HubFault | undefined {
  const planted = state.faults.get(route)
  return Array.isArray(planted) ? planted.shift() : planted
}

function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

function sendStatus(response: ServerResponse, fault: HubFault & { kind: 'status' }): void {
  response.writeHead(fault.status, fault.headers).end(fault.body ?? '')
}

/** The bytes [from, to) that a request asks for, when what it asks for may be given in part. */
function rangeOf(request: IncomingMessage, etag: string, size: number): readonly [number, number] | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const condition = request.headers['if-range']
  if (first === undefined || (condition !== undefined && condition !== etag)) return undefined
  return [Number(first), last === '' ? size : Math.min(size, Number(last) + 1)]
}

interface Sending {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly bytes: Uint8Array
  readonly headers: Record<string, string>
  readonly fault: HubFault | undefined
}

function sendBody({ request, response, fault }: Sending, body: Uint8Array): void {
  if (request.method === 'HEAD') response.end()
  else if (fault?.kind === 'cut') response.write(body.subarray(0, fault.after), () => response.destroy())
  else if (fault?.kind === 'stall') response.write(body.subarray(0, 1))
  else response.end(body)
}

function plantedIn(fault: HubFault | undefined): Record<string, string> {
  return fault?.kind === 'headers' ? fault.headers : {}
}

/** Sends a file, or the rest of it, or what the fault makes of it. */
function sendFile(sending: Sending): void {
  const { request, response, fault } = sending
  const bytes = fault?.kind === 'bytes' ? fault.bytes : sending.bytes
  const range =
    fault?.kind === 'ignore-range' ? undefined : rangeOf(request, sending.headers['etag'] ?? '', bytes.length)
  const [from, to] = range ?? [0, bytes.length]
  const headers = { 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream', ...sending.headers }
  if (from > 0 && from >= bytes.length) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  const part = range === undefined ? {} : { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` }
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'content-length': to - from,
    ...part,
    ...plantedIn(fault),
  })
  sendBody(sending, bytes.subarray(from, to))
}

function answerTree(state: State, url: URL, response: ServerResponse): void {
  const { repository, pageSize } = state
  const real = [...repository.files].map(([path, bytes]) => treeEntry(path, bytes, repository.large.includes(path)))
  const entries = repository.treeEntries ?? real
  const from = Number(url.searchParams.get('cursor') ?? 0)
  const next = new URL(url)
  next.searchParams.set('cursor', String(from + pageSize))
  const link = from + pageSize < entries.length ? { link: `<${next.href}>; rel="next"` } : {}
  sendJson(response, entries.slice(from, from + pageSize), link)
}

function answerFile(
  state: State,
  path: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const bytes = state.repository.files.get(path)
  if (bytes === undefined) {
    const headers = { 'x-error-code': 'EntryNotFound', 'x-error-message': 'Entry not found' }
    sendStatus(response, { kind: 'status', status: 404, headers })
    return
  }
  const isLarge = state.repository.large.includes(path)
  const etag = `"${isLarge ? sha256(bytes) : gitOid(bytes)}"`
  const headers = { 'x-repo-commit': TEST_COMMIT, 'x-linked-size': String(bytes.length), 'x-linked-etag': etag }
  if (isLarge) {
    const location = `${state.storageUrl}/${encodeURIComponent(path)}?X-Amz-Signature=secret`
    response.writeHead(302, { ...headers, location, 'content-length': 0 }).end()
    return
  }
  sendFile({ request, response, bytes, headers: { ...headers, etag }, fault: takeFault(state, path) })
}

function routeOf(state: State, path: string): { readonly route: string; readonly file?: string } {
  const { id } = state.repository
  if (path.startsWith(`/api/models/${id}/revision/`)) return { route: 'revision' }
  if (path.startsWith(`/api/models/${id}/tree/`)) return { route: 'tree' }
  const file = new RegExp(`^/${id}/resolve/[^/]+/(.*)$`, 's').exec(path)?.[1]
  return file === undefined ? { route: '' } : { route: `resolve ${file}`, file }
}

function answerHub(state: State, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`)
  const { route, file } = routeOf(state, decodeURIComponent(url.pathname))
  state.seen.push({ server: 'hub', method: request.method ?? '', url: url.pathname, headers: request.headers })
  const fault = takeFault(state, route)
  if (state.token !== undefined && request.headers.authorization !== `Bearer ${state.token}`) {
    const headers = { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' }
    sendStatus(response, { kind: 'status', status: 401, headers })
  } else if (fault?.kind === 'status') sendStatus(response, fault)
  else if (route === 'revision') {
    const siblings = [...state.repository.files.keys()].map((rfilename) => ({ rfilename }))
    sendJson(response, { id: state.repository.id, modelId: state.repository.id, sha: TEST_COMMIT, siblings })
  } else if (route === 'tree') answerTree(state, url, response)
  else if (file !== undefined) answerFile(state, file, { request, response })
  else sendStatus(response, { kind: 'status', status: 404, headers: { 'x-error-code': 'RepoNotFound' } })
}

function answerStorage(state: State, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://storage').pathname.slice(1))
  state.seen.push({ server: 'storage', method: request.method ?? '', url: `/${path}`, headers: request.headers })
  const fault = takeFault(state, path)
  const bytes = state.repository.files.get(path)
  if (fault?.kind === 'status') sendStatus(response, fault)
  else if (bytes === undefined) response.writeHead(404).end()
  else sendFile({ request, response, bytes, headers: { etag: `"${sha256(bytes).slice(0, 16)}"` }, fault })
}

async function listen(server: Server, context: Cleanable): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Starts a hub that ends with the test. */
export async function startHub(
  context: Cleanable,
  repository: TestRepository,
  { token, pageSize = 1000 }: TestHubOptions = {},
): Promise<TestHub> {
  const state: State = { repository, token, pageSize, seen: [], faults: new Map(), storageUrl: '' }
  state.storageUrl = await listen(
    createServer((request, response) => answerStorage(state, request, response)),
    context,
  )
  const url = await listen(
    createServer((request, response) => answerHub(state, request, response)),
    context,
  )
  const plant: TestHub['plant'] = (route, faults, times) => {
    const isOne = 'kind' in faults
    state.faults.set(route, isOne && times === undefined ? faults : isOne ? Array(times).fill(faults) : [...faults])
  }
  return { url, storageUrl: state.storageUrl, commit: TEST_COMMIT, seen: state.seen, plant }
}
