/**
 * What a person gave: certificate or code, keys and roots, the model. Read here, judged elsewhere.
 *
 * Guarantee: no file is read that is larger than its kind can be; names of files are kept as they are.
 */
import { readPolicy, readTrustedRoot, webCryptography } from '../../../../verify.ts'
import type { Policy, TrustedKey, TrustedRoot } from '../../../../verify.ts'
import { find } from './element.ts'
import type { ModelFile } from './hash-files.ts'

/** What is trusted. */
export interface Trust {
  readonly keys: readonly TrustedKey[]
  /** Logs and timestamp authorities. With one, certificates have to be logged and stamped. */
  readonly roots: readonly TrustedRoot[]
  /** Witnesses of which so many must have seen the log. */
  readonly policies: readonly Policy[]
}

/** Keys and roots that came with this copy of the page, as text of their files. */
export interface EmbeddedTrust {
  /** Who put them there, such as the address of the register. */
  readonly from: string
  readonly files: readonly string[]
}

const LARGEST_CERTIFICATE = 64 * 1024 * 1024
const LARGEST_LIST = 8 * 1024 * 1024
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

/** The signed status list, if one was chosen. */
export async function takeStatusList(): Promise<Uint8Array | undefined> {
  const [file] = filesOf('status')
  return file === undefined ? undefined : readBounded(file, LARGEST_LIST)
}

/** The text of a printed code, without white space; empty when there is none. */
export function takeCode(): string {
  return find('code', HTMLTextAreaElement).value.replaceAll(/\s/g, '')
}

async function readTrustFile(text: string): Promise<Trust> {
  if (text.includes('-----BEGIN PUBLIC KEY-----')) return { keys: [{ publicKeyPem: text }], roots: [], policies: [] }
  const bytes = new TextEncoder().encode(text)
  if (/^(?:witness|group|quorum|log)[ \t]/m.test(text))
    return { keys: [], roots: [], policies: [await readPolicy(bytes, webCryptography)] }
  return { keys: [], roots: [await readTrustedRoot(bytes, webCryptography)], policies: [] }
}

/** The keys and roots that were chosen, and those that came with the page unless they are switched off. */
export async function takeTrust({ files: embedded }: EmbeddedTrust): Promise<Trust> {
  const use = find('use-embedded', HTMLInputElement).checked
  const texts = [...(use ? embedded : [])]
  for (const file of filesOf('trust')) texts.push(new TextDecoder().decode(await readBounded(file, LARGEST_TRUST)))
  const all = await Promise.all(texts.map(readTrustFile))
  const policies = all.flatMap((each) => each.policies)
  if (policies.length > 1) throw new Error('You gave two policies for witnesses. Take one of them away.')
  return { keys: all.flatMap(({ keys }) => keys), roots: all.flatMap(({ roots }) => roots), policies }
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
