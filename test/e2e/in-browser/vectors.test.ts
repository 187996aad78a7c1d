/**
 * The conformance vectors in Node and in Chromium, through the same code: both give the same answers, and the right ones.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium, needsChromium } from '../../../src/testing/browser.ts'
import { needsShared, sharedPath, temporaryFolder } from '../../../src/testing/folders.ts'
import { openSuite } from './open-suite.ts'
import * as suite from './suite.ts'
import type { BundleCase, Encoding, InclusionVector, Scheme, SignatureVector } from './suite.ts'

/** Of the test log of tessera, published with it: `example.com/log/testdata+33d7b496+AeHT…`, without the type byte. */
const TESSERA_KEY = Buffer.from('AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx', 'base64').subarray(1).toString('hex')

const executable = findChromium()
const withoutShared = needsChromium()
const withShared = (...parts: readonly string[]): { skip: string | false } =>
  executable === undefined ? withoutShared : needsShared('vectors', ...parts)

let browser: Browser
let page: Page
const undo: (() => void)[] = []

before(async () => {
  if (executable === undefined) return
  const folder = temporaryFolder({ after: (each) => void undo.push(each) })
  browser = await launchChromium(executable)
  page = await openSuite(browser, 'suite.ts', folder)
})

after(async () => {
  await (browser as Browser | undefined)?.close()
  for (const each of undo) each()
})

/** Runs a function of the suite in the page. */
function inPage<Name extends keyof typeof suite>(
  name: Name,
  ...words: Parameters<(typeof suite)[Name]>
): Promise<Awaited<ReturnType<(typeof suite)[Name]>>> {
  return page.evaluate(
    ([called, args]) =>
      (globalThis as unknown as { suite: Record<string, (...args: never[]) => never> }).suite[called]?.(
        ...(args as unknown as never[]),
      ),
    [name, words] as const,
  ) as Promise<Awaited<ReturnType<(typeof suite)[Name]>>>
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: string | { readonly uncompressed?: string; readonly pk?: string }
    readonly publicKeyDer: string | null
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly flags: readonly string[]
      readonly msg: string
      readonly ctx?: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

interface Expectation extends SignatureVector {
  readonly id: number
  readonly result: string
  readonly flags: readonly string[]
}

function readWycheproof(file: string, scheme: Scheme): readonly Expectation[] {
  const path = sharedPath('vectors', 'wycheproof', 'testvectors_v1', `${file}_test.json`) ?? ''
  const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as Wycheproof
  return testGroups.flatMap(({ publicKey, publicKeyDer, tests }) => {
    const raw = typeof publicKey === 'string' ? publicKey : (publicKey.uncompressed ?? publicKey.pk ?? '')
    const key = scheme === 'P-256' || scheme === 'Ed25519' ? raw : (publicKeyDer ?? raw)
    return tests.map(({ tcId: id, msg: message, sig: signature, ctx: context = '', result, flags }) => {
      return { id, key, message, signature, context, result, flags }
    })
  })
}

const FILES: readonly (readonly [string, Scheme, Encoding])[] = [
  ['ecdsa_secp256r1_sha256', 'P-256', 'der'],
  ['ecdsa_secp256r1_sha256_p1363', 'P-256', 'p1363'],
  ['ecdsa_secp384r1_sha384', 'P-384', 'der'],
  ['ecdsa_secp521r1_sha512', 'P-521', 'der'],
  ['ed25519', 'Ed25519', 'raw'],
  ['mldsa_44_verify', 'ML-DSA-44', 'raw'],
  ['mldsa_65_verify', 'ML-DSA-65', 'raw'],
]

function checkAnswers(context: TestContext, expected: readonly Expectation[], answers: readonly string[]): void {
  for (const [index, { id, result }] of expected.entries())
    assert.equal(answers[index] === 'valid', result === 'valid', `vector ${id}: ${answers[index]}`)
  const refused = answers.filter((each) => each === 'signature-form').length
  context.diagnostic(`${answers.length} of ${expected.length} as Wycheproof says; ${refused} by the strict DER reader`)
}

for (const [file, scheme, encoding] of FILES) {
  test(`${file}: Node and Chromium give the answers of Wycheproof`, withShared('wycheproof'), async (context) => {
    const expected = readWycheproof(file, scheme)
    const answers = await suite.answerSignatures(scheme, encoding, expected)
    checkAnswers(context, expected, answers)
    assert.deepEqual(await inPage('answerSignatures', scheme, encoding, expected), answers)
  })
}

test('inclusion proofs: Node and Chromium agree with every vector', withShared('merkle'), async () => {
  const cwd = sharedPath('vectors', 'merkle', 'testdata', 'inclusion') ?? ''
  const paths = globSync('**/*.json', { cwd }).toSorted()
  const vectors = paths.map(
    (path) => JSON.parse(readFileSync(join(cwd, path), 'utf8')) as InclusionVector & { wantErr: boolean },
  )
  const answers = await suite.answerInclusions(vectors)
  assert.equal(answers.length, 98)
  for (const [index, { wantErr }] of vectors.entries()) assert.equal(answers[index] === 'valid', !wantErr, paths[index])
  assert.deepEqual(await inPage('answerInclusions', vectors), answers)
})

test('checkpoints: Node and Chromium read and verify the checkpoints of a log of 15', withShared('tlog'), async () => {
  const folder = sharedPath('vectors', 'tlog', 'testdata', 'log') ?? ''
  const paths = globSync('checkpoint*', { cwd: folder }).toSorted()
  const notes = paths.map((path) => readFileSync(join(folder, path), 'utf8'))
  const edited = notes.map((note) => note.replace(/\n(\d)/, '\n1$1'))
  const answers = await suite.answerCheckpoints(TESSERA_KEY, [...notes, ...edited])
  for (const [index, answer] of answers.entries())
    assert.match(answer, index < notes.length ? / true$/ : / false$/, paths[index % notes.length])
  assert.deepEqual(await inPage('answerCheckpoints', TESSERA_KEY, [...notes, ...edited]), answers)
})

test('canonical JSON and envelopes: Node and Chromium write the same bytes', withoutShared, async () => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/rfc8785', name), 'utf8'))
  const { numbers } = read('numbers.json') as { numbers: readonly (readonly [string, string | null])[] }
  const { values } = read('values.json') as { values: readonly { readonly input: string }[] }
  const words = [values.map(({ input }) => input), numbers.map(([bits]) => bits)] as const
  const answers = await suite.answerCanonical(...words)
  assert.deepEqual(
    answers.slice(values.length),
    numbers.map(([, written]) => written ?? 'not-json'),
  )
  assert.deepEqual(await inPage('answerCanonical', ...words), answers)
  // The vector of DSSE 1.0.2, protocol.md.
  const envelope = ['http://example.com/HelloWorld', 'hello world'] as const
  const encoded = Buffer.from('DSSEv1 29 http://example.com/HelloWorld 11 hello world').toString('hex')
  assert.equal(suite.answerEnvelope(...envelope), encoded)
  assert.equal(await inPage('answerEnvelope', ...envelope), encoded)
})

interface Interop {
  readonly facts: { readonly omsRoot: string; readonly dirHash: string }
  readonly cases: readonly {
    readonly name: string
    readonly file: string
    readonly kind: string
    readonly strict: string
    readonly trustedRoot?: string
  }[]
}

const interop = (...path: readonly string[]): Buffer =>
  readFileSync(sharedPath('vectors', 'interop', ...path) ?? join('missing', ...path))

function readInterop(): {
  readonly names: readonly string[]
  readonly strict: readonly string[]
  readonly cases: readonly BundleCase[]
} {
  const { facts, cases } = JSON.parse(interop('expected.json').toString()) as Interop
  const omsType = 'https://model_signing/signature/v1.0'
  return {
    names: cases.map(({ name }) => name),
    strict: cases.map(({ strict }) => strict),
    cases: cases.map(({ file, kind, trustedRoot = 'trusted_root.json' }) => ({
      bundle: interop(file).toString('base64'),
      trustedRoot: interop(trustedRoot).toString(),
      options: {
        now: Date.parse('2026-11-23T16:00:00Z'),
        publicKeyPem: interop('keys', 'signer.pub.pem').toString(),
        artefact: { sha256: facts.omsRoot, dirHash: facts.dirHash },
        predicateType: kind === 'oms' ? omsType : 'https://tidewaiter.example/certificate/v1',
        requireLog: true,
        requireTimestamp: true,
      },
    })),
  }
}

test(
  'bundles: Node and Chromium say the same of every golden and tampered one, and what is strictly true',
  withShared('interop'),
  async (context) => {
    const { names, strict, cases } = readInterop()
    const reports = await suite.answerBundles(cases)
    const inBrowser = await inPage('answerBundles', cases)
    for (const [index, name] of names.entries()) {
      assert.equal(inBrowser[index], reports[index], name)
      const { verdict, reason } = JSON.parse(reports[index] ?? '') as { verdict: string; reason: string | null }
      const wanted = strict[index] ?? ''
      assert.equal(
        verdict === 'pass' ? 'accept' : `reject:${reason}`,
        wanted.startsWith('accept') ? 'accept' : wanted,
        name,
      )
    }
    context.diagnostic(
      `${reports.length} bundles; ${strict.filter((each) => each.startsWith('accept')).length} accepted`,
    )
    assert.equal(reports.length, 65)
  },
)
