/**
 * References: how a consignment is named.
 *
 * A path, `hf:org/name[@revision]` or an `https:` address, and nothing else. Whether a path is a file or a folder
 * is seen when it is opened.
 *
 * Guarantee: `ref`, which goes into reports and logs, holds no credential: user names, passwords and the values of
 * query parameters that carry signatures or tokens are replaced by `***`.
 */
import { Fault, isSha256 } from '../base/index.ts'
import { printableName } from './names.ts'

/** A file or folder on this machine. */
export interface PathReference {
  readonly kind: 'path'
  readonly ref: string
  readonly path: string
}

/** A repository on a hub. */
export interface HubReference {
  readonly kind: 'hub'
  readonly ref: string
  /** `org/name`, or `name` alone for the oldest models. */
  readonly repository: string
  /** A branch, a tag or a commit. */
  readonly revision: string
}

/** One file at an address. */
export interface HttpsReference {
  readonly kind: 'https'
  readonly ref: string
  /** May hold credentials: never to be logged. Without the fragment. */
  readonly url: string
  /** What the bytes must digest to, from the fragment `#sha256=…`. */
  readonly sha256?: string
}

/** See the module. */
export type Reference = PathReference | HubReference | HttpsReference

const ALLOWED = 'a file, a folder, hf:org/name[@revision] or https://…[#sha256=…]'
const REPOSITORY = /^(?:[A-Za-z0-9][\w.-]{0,95}\/)?[A-Za-z0-9][\w.-]{0,95}$/
const SECRET_PARAMETER = /sig|token|key|secret|passw|cred|auth|policy|jwt|session/i
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

function refuse(text: string, why: string): never {
  throw new Fault('bad-reference', `${printableName(text)}: ${why}; a reference is ${ALLOWED}`)
}

function parseHub(text: string): HubReference {
  const [repository = '', ...rest] = text.slice('hf:'.length).split('@')
  const revision = rest.length === 0 ? 'main' : rest.join('@')
  if (!REPOSITORY.test(repository) || repository.includes('..') || repository.includes('--')) {
    refuse(text, `${JSON.stringify(repository)} is not org/name`)
  }
  if (!/^[^\s\u0000-\u001f?#%\\]{1,200}$/.test(revision) || revision.split('/').includes('..')) {
    refuse(text, `${JSON.stringify(revision)} is not a revision`)
  }
  return { kind: 'hub', ref: text, repository, revision }
}

/**
 * An address without credentials.
 *
 * @example
 * redactUrl('https://me:pw@a.example/m.gguf?token=abc&x=1') // 'https://***@a.example/m.gguf?token=***&x=1'
 */
export function redactUrl(address: string): string {
  const url = new URL(address)
  const user = url.username === '' && url.password === '' ? '' : '***@'
  const query = url.search
    .slice(1)
    .split('&')
    .map((pair) => (SECRET_PARAMETER.test(pair.split('=')[0] ?? '') ? pair.replace(/=.*/s, '=***') : pair))
    .join('&')
  return `${url.protocol}//${user}${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`
}

function digestOfFragment(text: string, hash: string): { readonly sha256?: string } {
  if (hash === '') return {}
  const sha256 = hash.replace(/^#sha256=/, '').toLowerCase()
  return isSha256(sha256) ? { sha256 } : refuse(withoutSecrets(text), 'the fragment is not #sha256= and 64 hex digits')
}

/** What may be shown of an address, whether it parses or not. */
function withoutSecrets(text: string): string {
  return URL.canParse(text) ? redactUrl(text) : (text.split(/[/?#]/)[0] ?? '')
}

function parseHttps(text: string): HttpsReference {
  if (!URL.canParse(text)) refuse(withoutSecrets(text), 'not an address')
  const url = new URL(text)
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname)) {
    refuse(redactUrl(text), 'http is allowed to this machine only')
  }
  const digest = digestOfFragment(text, url.hash)
  url.hash = ''
  return { kind: 'https', ref: redactUrl(text), url: url.href, ...digest }
}

/**
 * Reads a reference.
 *
 * @throws Fault `bad-reference` that says what is allowed
 * @example parseReference('hf:org/name@v1').kind // 'hub'
 */
export function parseReference(text: string): Reference {
  if (text === '' || text.includes('\0')) refuse(text, 'empty or holding a zero byte')
  if (text.startsWith('hf:')) return parseHub(text)
  if (/^https?:/i.test(text)) return parseHttps(text)
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):(?=\/\/|[\w.-]+\/[\w.-]+(?:[@:]|$))/.exec(text)?.[1]
  if (scheme !== undefined) refuse(withoutSecrets(text), `${scheme}: is not known here`)
  return { kind: 'path', ref: text, path: text }
}
