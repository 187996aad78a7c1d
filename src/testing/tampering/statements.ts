/** Statements that should not have been signed, and honest ones that are shown for what they do not say. */
import { dirHash, omsRoot, sha256 } from '../../base/index.ts'
import { tampering, type Tampering } from './tampering.ts'
import type { Editable, Tampered, World } from './world.ts'

/** An honest pipeline over a changed statement. */
function stated(name: string, code: string, change: (statement: Editable) => void): Tampering {
  return tampering(`statement: ${name}`, code, ({ restate }) => restate(change))
}

/** The text of the honest payload, changed and signed. */
function payload(name: string, code: string, change: (text: string) => string): Tampering {
  return tampering(`payload: ${name}`, code, ({ issue, bundle }) =>
    issue({ payload: change(Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64').toString()) }),
  )
}

/** A resource with something otherwise; the root is that of what is then listed. */
function resource(name: string, code: string, change: (resources: Editable[]) => void): Tampering {
  return stated(`resources: ${name}`, code, (statement) => {
    change(statement.predicate.resources)
    const digests: string[] = statement.predicate.resources.map(({ digest }: Editable) => digest)
    if (digests.every((digest) => /^[0-9a-f]{64}$/.test(digest)))
      statement.subject[0].digest.sha256 = sha256(Buffer.from(digests.join(''), 'hex'))
  })
}

/** The honest bundle shown for other files. */
function shownFor(name: string, code: string, change: (files: Map<string, string>) => void): Tampering {
  return tampering(`files: ${name}`, code, ({ bundle, files }: World): Tampered => {
    const other = new Map(files)
    change(other)
    const listed = [...other].map(([path, text]) => ({ path, sha256: sha256(text) }))
    return { bundle, options: { artefact: { sha256: omsRoot(listed), dirHash: dirHash(listed), files: listed } } }
  })
}

const ENTERED = 'https://tidewaiter.example/attestation/entered/v0.1'
const ASKING_FOR_NOTHING = {
  requireLog: false,
  witnessPolicy: { logs: [], witnesses: [], quorum: { threshold: 0, members: [] } },
}

function enter(statement: Editable, origin: string): void {
  statement.predicateType = ENTERED
  statement.predicate = { log: { origin } }
}

/** The catalogue. */
export const STATEMENT_TAMPERINGS: readonly Tampering[] = [
  stated('no type', 'statement-member', (s) => delete s._type),
  stated('type of a later version', 'statement-type', (s) => (s._type = 'https://in-toto.io/Statement/v2')),
  stated('no predicate', 'statement-member', (s) => delete s.predicate),
  stated('no subject', 'subject-count', (s) => (s.subject = [])),
  stated('subject with a uri', 'statement-member', (s) => (s.subject[0].uri = 'https://example.org')),
  stated(
    'digest of the subject in capitals',
    'digest-encoding',
    (s) => (s.subject[0].digest.sha256 = s.subject[0].digest.sha256.toUpperCase()),
  ),
  stated('digest of the subject cut', 'subject-digest', (s) => (s.subject[0].digest.sha256 = 'abcd')),
  stated('two dirHashes', 'subject-digest', (s) => {
    s.subject[0].digest.dirHash = 'ab'.repeat(32)
    s.subject[0].digest.dirHash1 = 'cd'.repeat(32)
  }),
  stated('another type', 'predicate-type', (s) => (s.predicateType = 'https://example.org/revocation/v1')),
  stated('type with a slash behind', 'predicate-type', (s) => (s.predicateType += '/')),
  stated('predicate that is no object', 'oms-member', (s) => (s.predicate = 'fine')),
  stated('method of shards', 'oms-method', (s) => (s.predicate.serialization.method = 'shards-of-mine')),
  payload('member twice', 'duplicate-key', (text) => text.replace('{', '{"predicateType":"x",')),
  payload('text behind', 'json', (text) => `${text}{}`),
  payload('byte-order mark', 'json', (text) => `\ufeff${text}`),
  payload('null', 'json-null', (text) => text.replace('"predicate":{', '"predicate":{"x":null,')),
  payload('number with a fraction', 'json-number', (text) => text.replace('"predicate":{', '"predicate":{"x":1.5,')),
  payload('number beyond 2^53', 'json-number', (text) =>
    text.replace('"predicate":{', '"predicate":{"x":9007199254740993,'),
  ),
  payload('lone surrogate', 'json', (text) => text.replace('"predicate":{', '"predicate":{"x":"\\ud800",')),
  payload('nested deep', 'json-limit', (text) =>
    text.replace('"predicate":{', `"predicate":{"x":${'['.repeat(500)}${']'.repeat(500)},`),
  ),
  resource('name twice', 'oms-name', (list) => (list[1].name = list[0].name)),
  resource('name that leaves the folder', 'oms-name', (list) => (list[0].name = '../README.md')),
  resource('absolute name', 'oms-name', (list) => (list[0].name = '/README.md')),
  resource('name with an empty part', 'oms-name', (list) => (list[2].name = 'weights//model.safetensors')),
  resource('name with a backslash', 'oms-name', (list) => (list[0].name = '..\\README.md')),
  resource('name with a line break', 'oms-name', (list) => (list[0].name = 'README.md\n')),
  resource('digest in capitals', 'oms-member', (list) => (list[0].digest = list[0].digest.toUpperCase())),
  resource('digest by another algorithm', 'oms-method', (list) => (list[0].algorithm = 'md5')),
  resource('none', 'file-extra', (list) => list.splice(0)),
  shownFor('one byte changed', 'file-changed', (files) => files.set('config.json', '{"layers":3}\n')),
  shownFor('one missing', 'file-missing', (files) => files.delete('README.md')),
  shownFor('one more', 'file-extra', (files) => files.set('extra.py', 'import os\n')),
  shownFor('one renamed', 'file-missing', (files) => {
    files.set('README.txt', files.get('README.md') ?? '')
    files.delete('README.md')
  }),
  shownFor('two swapped', 'file-changed', (files) => {
    const [a, b] = ['README.md', 'config.json'].map((name) => files.get(name) ?? '')
    files.set('README.md', b ?? '').set('config.json', a ?? '')
  }),
  tampering('entry stripped from a statement that names its log', 'log-claim', async ({ restate }) => {
    const bundle = JSON.parse(await restate((statement) => enter(statement, '2026.log.example')))
    bundle.verificationMaterial.tlogEntries = []
    return { bundle: JSON.stringify(bundle), options: { ...ASKING_FOR_NOTHING, predicateType: ENTERED } }
  }),
  tampering('statement that names another log', 'log-claim', async ({ restate }) => ({
    bundle: await restate((statement) => enter(statement, '2027.log.example')),
    options: { predicateType: ENTERED },
  })),
  tampering('key of another role', 'key-role', ({ bundle, options }) => ({
    bundle,
    options: {
      trustedKeys: (options.trustedKeys ?? []).map((key) => ({
        ...key,
        predicateTypes: ['https://tidewaiter.example/attestation/reply/v0.1'],
      })),
    },
  })),
]
