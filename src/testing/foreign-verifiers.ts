/**
 * The verifiers of others, asked about a bundle as strictly as each can be asked.
 *
 * Answers are `undefined` for an acceptance, and otherwise the words of the refusal.
 */
import { execFileSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify'

/** What is trusted and what is asked about; paths are absolute. */
export interface ForeignQuestion {
  readonly bundle: string
  readonly key: string
  readonly trustedRoot: string
  /** Folder of the model. */
  readonly model: string
  readonly digest: string
  readonly digestAlgorithm: 'sha256' | 'dirHash1'
  readonly predicateType: string
}

/** Undefined when it was accepted. */
export type Refusal = string | undefined

/** The script that anybody can run. */
export const OPENSSL_SCRIPT = resolve(import.meta.dirname, '../../docs/guide/check-certificate.py')

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

function run(program: string, words: readonly string[]): Refusal {
  try {
    execFileSync(program, words, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', timeout: 120_000 })
    return undefined
  } catch (thrown) {
    const { stderr = '', message } = thrown as { readonly stderr?: string; readonly message: string }
    return lastLine(stderr) || message
  }
}

/** Asks cosign for log and timestamp, without any flag that leaves something out. */
export function askCosign(cosign: string, question: ForeignQuestion): Refusal {
  const { bundle, key, trustedRoot, digest, digestAlgorithm, predicateType } = question
  const trust = ['--key', key, '--trusted-root', trustedRoot, '--use-signed-timestamps']
  const about = ['--digest', digest, '--digestAlg', digestAlgorithm, '--type', predicateType]
  return run(cosign, ['verify-blob-attestation', '--bundle', bundle, ...trust, ...about])
}

/** Runs the script of the guide: openssl and Python's standard library. */
export function askOpenssl({ bundle, key, trustedRoot, model }: ForeignQuestion): Refusal {
  return run('python3', [OPENSSL_SCRIPT, bundle, '--key', key, '--trusted-root', trustedRoot, '--model', model])
}

/** Asks `@sigstore/verify` with its defaults: one log entry, one timestamp. It looks at no subject. */
export function askSigstore({ bundle, key, trustedRoot }: ForeignQuestion): Refusal {
  try {
    const root = TrustedRoot.fromJSON(JSON.parse(readFileSync(trustedRoot, 'utf8')))
    const publicKey = createPublicKey(readFileSync(key))
    const trust = toTrustMaterial(root, () => ({ publicKey, validFor: () => true }))
    new Verifier(trust).verify(toSignedEntity(bundleFromJSON(JSON.parse(readFileSync(bundle, 'utf8')))))
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? lastLine(thrown.message) : String(thrown)
  }
}

const MODEL_SIGNING = `
import json, pathlib, sys
from model_signing import verifying
model, key, *bundles = sys.argv[1:]
answers = []
for bundle in bundles:
    try:
        verifying.Config().use_elliptic_key_verifier(public_key=pathlib.Path(key)).verify(pathlib.Path(model), pathlib.Path(bundle))
        answers.append(None)
    except Exception as problem:
        answers.append((str(problem).splitlines() or [""])[-1] or type(problem).__name__)
print(json.dumps(answers))
`

/** Asks model_signing about several bundles in one process. */
export function askModelSigning(
  python: string,
  { model, key }: Pick<ForeignQuestion, 'model' | 'key'>,
  bundles: readonly string[],
): readonly Refusal[] {
  const printed = execFileSync(python, ['-c', MODEL_SIGNING, model, key, ...bundles], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const answers = JSON.parse(lastLine(printed)) as readonly (string | null)[]
  return answers.map((answer) => answer ?? undefined)
}

/** Writes the files of a model below a folder; gives the folder. */
export function writeModel(folder: string, files: ReadonlyMap<string, string>): string {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
