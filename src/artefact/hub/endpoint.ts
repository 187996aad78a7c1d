/**
 * Which hub, and as whom.
 *
 * The variables are those of the Hugging Face clients. A token from the environment goes to the endpoint that the
 * same environment names; the token file of a login belongs to huggingface.co and is used for nothing else.
 *
 * Source: huggingface_hub 2.4.0 `constants.py`, `utils/_auth.py`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, sha256 } from '../../base/index.ts'
import type { Credential } from '../remote/wire.ts'

/** The environment, as far as it matters here. */
export type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_ENDPOINT = 'https://huggingface.co'

/** A hub that speaks the Hugging Face protocol. */
export interface Endpoint {
  /** Without a slash at the end; may hold a path that is a secret: never shown. */
  readonly url: string
  /** For messages. */
  readonly host: string
  /** Names its folder in the store. */
  readonly key: string
  readonly credential: Credential | undefined
}

function tokenFile(environment: Environment): string | undefined {
  const { HF_TOKEN_PATH, HF_HOME, XDG_CACHE_HOME, HOME } = environment
  if (HF_TOKEN_PATH) return HF_TOKEN_PATH
  if (HF_HOME) return join(HF_HOME, 'token')
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'huggingface', 'token')
  return HOME ? join(HOME, '.cache', 'huggingface', 'token') : undefined
}

function isSet(value: string | undefined): boolean {
  return /^(?:1|on|yes|true)$/i.test(value ?? '')
}

function readTokenFile(environment: Environment): string {
  const path = isSet(environment['HF_HUB_DISABLE_IMPLICIT_TOKEN']) ? undefined : tokenFile(environment)
  try {
    return path === undefined ? '' : readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function findToken(environment: Environment, isDefault: boolean): string {
  const given = (environment['HF_TOKEN'] ?? environment['HUGGING_FACE_HUB_TOKEN'] ?? '').trim()
  const token = given === '' && isDefault ? readTokenFile(environment) : given
  if (/[^\u0021-\u007e]/.test(token)) throw new Fault('bad-token', 'HF_TOKEN holds a character that no token has')
  return token
}

/** The endpoint that an environment names. @throws Fault `bad-endpoint`, `bad-token` */
export function readEndpoint(environment: Environment): Endpoint {
  const { HF_ENDPOINT = '' } = environment
  const given = HF_ENDPOINT === '' ? DEFAULT_ENDPOINT : HF_ENDPOINT
  const parsed = URL.canParse(given) ? new URL(given) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.search !== '' || parsed.hash !== '') {
    throw new Fault('bad-endpoint', 'HF_ENDPOINT is not an http or https address without query')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new Fault('bad-endpoint', 'HF_ENDPOINT holds a user name or password; use HF_TOKEN')
  }
  const url = parsed.href.replace(/\/+$/, '')
  const token = findToken(environment, url === DEFAULT_ENDPOINT)
  const credential = token === '' ? undefined : { origin: parsed.origin, header: `Bearer ${token}` }
  const key = `${parsed.hostname.replace(/[^\w.-]/g, '')}-${sha256(url).slice(0, 12)}`
  return { url, host: parsed.host, key, credential }
}
