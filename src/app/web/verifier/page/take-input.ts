/**
 * What a person gave: certificate or code, keys and roots, the model. Read here, judged elsewhere.
 *
 * Guarantee: no file is read that is larger than its kind can be; names of files are kept as they are.
 */
import { isStrictObject, parseStrictJson, type StrictJson } from '../../../../base/index.ts'
import type { TrustedKey, TrustedLog } from '../../../../verify.ts'
import { find } from './element.ts'
import type { ModelFile } from './hash-files.ts'

/** What is trusted. */
export interface Trust {
  readonly keys: readonly TrustedKey[]
  readonly logs: readonly TrustedLog[]
}

/** Keys and roots that came with this copy of the page, as text of their files. */
export interface EmbeddedTrust {
  /** Who put them there, such as the address of the register. */
  readonly from: string
  readonly files: readonly string[]
}

const LARGEST_CERTIFICATE = 64 * 1024 * 1024
const LARGEST_TRUST = 1024 * 1024
/** Folders that are no part of a model, as `tidewaiter` passes them over. */
const PASSED_OVER = /^(?:\.git|\.cache\/huggingface)\//

function filesOf(id: string): readonly File[] {
  return [...(find(id, HTMLInputElement).files ?? [])]
}

async function readBounded(file: File, most: number): Promise<Uint8Array> {
  if (file.size > most) throw new Error(`${file.name} has ${file.size} bytes; such a file has at most ${most}`)
  return new Uint8Array(await file.arrayBuffer())
}

/** The certificate file, if one was chosen. */
export async function takeCertificate(): Promise<Uint8Array | undefined> {
  const [file] = filesOf('certificate')
  return file === undefined ? undefined : readBounded(file, LARGEST_CERTIFICATE)
}

/** The text of a printed code, without white space; empty when there is none. */
export function takeCode(): string {
  return find('code', HTMLTextAreaElement).value.replaceAll(/\s/g, '')
}

function member(value: StrictJson | undefined, ...names: readonly string[]): StrictJson | undefined {
  return names.reduce<StrictJson | undefined>((at, name) => (isStrictObject(at) ? at.get(name) : undefined), value)
}

function readLog(log: StrictJson): TrustedLog {
  const [url, key] = [member(log, 'baseUrl'), member(log, 'publicKey', 'rawBytes')]
  if (typeof url !== 'string' || typeof key !== 'string')
    throw new Error('a log of the trusted root has no address or key')
  return {
    origin: new URL(url).hostname,
    publicKey: Uint8Array.from(atob(key).slice(-32), (each) => each.charCodeAt(0)),
  }
}

function readTrustFile(text: string): Trust {
  if (text.includes('-----BEGIN PUBLIC KEY-----')) return { keys: [{ publicKeyPem: text }], logs: [] }
  const root = parseStrictJson(new TextEncoder().encode(text), { maxBytes: LARGEST_TRUST })
  const logs = member(root, 'tlogs')
  if (!Array.isArray(logs)) throw new Error('neither a public key (PEM) nor a trusted root')
  return { keys: [], logs: (logs as readonly StrictJson[]).map(readLog) }
}

/** The keys and roots that were chosen, and those that came with the page unless they are switched off. */
export async function takeTrust({ files: embedded }: EmbeddedTrust): Promise<Trust> {
  const use = find('use-embedded', HTMLInputElement).checked
  const texts = [...(use ? embedded : [])]
  for (const file of filesOf('trust')) texts.push(new TextDecoder().decode(await readBounded(file, LARGEST_TRUST)))
  const all = texts.map(readTrustFile)
  return { keys: all.flatMap(({ keys }) => keys), logs: all.flatMap(({ logs }) => logs) }
}

/** The files of the model, and how many were passed over; undefined when none were chosen. */
export function takeModel(): { readonly files: readonly ModelFile[]; readonly passedOver: number } | undefined {
  const folder = filesOf('folder').map((file) => ({ file, path: file.webkitRelativePath.replace(/^[^/]*\//, '') }))
  const single = filesOf('files').map((file) => ({ file, path: file.name }))
  const all = [...folder, ...single]
  if (all.length === 0) return undefined
  const files = all.filter(({ path }) => !PASSED_OVER.test(path))
  return { files, passedOver: all.length - files.length }
}
