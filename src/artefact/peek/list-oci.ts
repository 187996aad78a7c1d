/**
 * The layers of an artefact in an OCI registry: `oci:registry/name:tag` or `oci:registry/name@sha256:…`.
 *
 * Each layer is a blob that its digest names, so its address can stand for one content only. A registry that wants a
 * token says where to get one; without credentials in the environment it is asked for anonymously.
 *
 * Source: OCI Distribution Specification 1.1, "Pulling manifests", "Pulling blobs"; Docker Registry token specification.
 */
import { Fault, isSha256, sha256 } from '../../base/index.ts'
import { checkName, printableName } from '../names.ts'
import type { OpenOptions } from '../open-options.ts'
import { exchange, readAll } from '../remote/exchange.ts'
import { refusalOf } from '../remote/refusal.ts'
import { createWire, type Wire } from '../remote/wire.ts'
import type { RemoteFile, RemoteListing } from './remote-file.ts'

const FORM =
  /^oci:(?:\/\/)?([\w.-]+(?::\d+)?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))?$/
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')
const MAX_MANIFEST = 4 * 1024 * 1024
const MAX_LAYERS = 10_000
const TITLE = 'org.opencontainers.image.title'
const LOOPBACK = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/

interface Repository {
  readonly ref: string
  /** `https://registry/v2/name`. */
  readonly base: string
  readonly host: string
  readonly tag: string
}

function parse(ref: string): Repository {
  const [, host, name, tag = 'latest', digest] = FORM.exec(ref) ?? []
  if (host === undefined || name === undefined)
    throw new Fault('bad-reference', `${printableName(ref)}: not oci:registry/name:tag or oci:registry/name@sha256:…`)
  const scheme = LOOPBACK.test(host) ? 'http' : 'https'
  return { ref, base: `${scheme}://${host}/v2/${name}`, host, tag: digest ?? tag }
}

function tokenAddress(challenge: string): URL | undefined {
  const field = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1]
  const realm = field('realm')
  if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) return undefined
  const url = new URL(realm)
  if (url.protocol !== 'https:' && !LOOPBACK.test(url.host)) return undefined
  for (const name of ['service', 'scope']) {
    const value = field(name)
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url
}

async function takeToken(wire: Wire, challenge: string, host: string): Promise<string> {
  const url = tokenAddress(challenge)
  if (url === undefined) throw new Fault('remote-refused', `${host} wants credentials of a kind that is not known here`)
  const answer = await exchange(wire, url.href, { accept: 'application/json' })
  if (answer.status !== 200) throw new Fault('remote-refused', `${url.host} gives no token without credentials`)
  const { token, access_token: access } = JSON.parse((await readAll(answer, MAX_MANIFEST)).toString('utf8')) as Record<
    string,
    unknown
  >
  const given = token ?? access
  if (typeof given !== 'string') throw new Fault('remote-protocol', `${url.host} answers without a token`)
  return given
}

interface Descriptor {
  readonly digest: string
  readonly size: number
  readonly title: string | undefined
}

function readDescriptor(value: unknown, host: string): Descriptor {
  const { digest, size, annotations } = (value ?? {}) as Record<string, unknown>
  if (typeof digest !== 'string' || !digest.startsWith('sha256:') || !isSha256(digest.slice(7)))
    throw new Fault('remote-protocol', `${host}: a layer without a sha256 digest`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new Fault('remote-protocol', `${host}: a layer without a size`)
  const title = (annotations as Record<string, unknown> | undefined)?.[TITLE]
  return { digest, size, title: typeof title === 'string' && checkName(title) === undefined ? title : undefined }
}

function readLayers(text: string, host: string): readonly Descriptor[] {
  let layers: unknown
  try {
    layers = (JSON.parse(text) as { layers?: unknown } | null)?.layers
  } catch (cause) {
    throw new Fault('remote-protocol', `${host} answers with a manifest that is no JSON`, { cause })
  }
  if (!Array.isArray(layers) || layers.length > MAX_LAYERS)
    throw new Fault('remote-protocol', `${host} answers with a manifest without layers; name one platform or one model`)
  return layers.map((layer) => readDescriptor(layer, host))
}

async function openManifest(repository: Repository, options: OpenOptions): Promise<{ wire: Wire; text: string }> {
  const { base, host, tag, ref } = repository
  const url = `${base}/manifests/${tag}`
  let wire = createWire(options)
  let answer = await exchange(wire, url, { accept: MANIFESTS })
  if (answer.status === 401) {
    await answer.discard()
    const token = await takeToken(wire, answer.headers.get('www-authenticate') ?? '', host)
    wire = createWire(options, { origin: new URL(url).origin, header: `Bearer ${token}` })
    answer = await exchange(wire, url, { accept: MANIFESTS })
  }
  if (answer.status !== 200)
    throw await refusalOf(answer, { what: ref, isHub: false, hasToken: false }, wire.clock.now())
  return { wire, text: (await readAll(answer, MAX_MANIFEST)).toString('utf8') }
}

/** Lists the layers. @throws Fault `bad-reference`, `remote-…`, `wrong-bytes` */
export async function listOci(ref: string, options: OpenOptions): Promise<RemoteListing> {
  const repository = parse(ref)
  const { base, host, tag } = repository
  const { wire, text } = await openManifest(repository, options)
  const pin = `sha256:${sha256(Buffer.from(text))}`
  if (tag.startsWith('sha256:') && tag !== pin)
    throw new Fault('wrong-bytes', `${host} answers with another manifest than ${tag}`)
  const layers = readLayers(text, host)
  const files = layers.map(({ digest, size, title }, index): RemoteFile => {
    const isFirst = layers.findIndex((layer) => layer.title === title) === index
    const path = title !== undefined && isFirst ? title : `layer-${index}`
    const asked = { what: ref, isHub: false, hasToken: false, path }
    return { path, url: `${base}/blobs/${digest}`, size, sha256: digest.slice(7), pinned: true, asked, wire }
  })
  return { ref, kind: 'oci', pin, files }
}
