/** Tampering with the log entry, its checkpoint and its witnesses. */
import { randomBytes, sign } from 'node:crypto'
import { fixedClock } from '../../base/index.ts'
import {
  cosignedText,
  webCryptography,
  type LogEntryContent,
  type NoteKey,
  type Policy,
} from '../../certificate/index.ts'
import { writeLogEntry } from '../../certificate/log-entry.ts'
import { readPublicKey } from '../../certificate/public-key.ts'
import { cosigner, noteSigner, signNote } from '../../log/index.ts'
import { ed25519From } from '../log-tree.ts'
import { makeSigner } from '../publication.ts'
import { tampering, type Tampering } from './tampering.ts'
import type { Editable, World } from './world.ts'

type Change = (value: Editable) => void

/** The honest bundle with a change to its entry. */
function entry({ edit }: World, change: Change): string {
  return edit((bundle) => change(bundle.verificationMaterial.tlogEntries[0]))
}

function proof(world: World, change: Change): string {
  return entry(world, ({ inclusionProof }) => change(inclusionProof))
}

/** The honest bundle with another text of the note. */
function note(world: World, change: (text: string) => string): string {
  return proof(world, ({ checkpoint }) => {
    checkpoint.envelope = change(checkpoint.envelope)
  })
}

/** A bundle whose leaf in the log was changed as text, and which says so. */
function leaf({ issue }: World, change: (text: string) => string): Promise<string> {
  return issue({ leaf: (bytes) => Buffer.from(change(Buffer.from(bytes).toString())) })
}

/** The lines of signatures, each with its newline. */
function lines(text: string): readonly [head: string, ...signatures: string[]] {
  const split = text.indexOf('\n\n') + 2
  return [text.slice(0, split), ...text.slice(split).split(/(?<=\n)/)]
}

/** The honest bundle with the entry of other evidence. */
function withEntry({ edit }: World, content: LogEntryContent): string {
  return edit((bundle) => (bundle.verificationMaterial.tlogEntries = [writeLogEntry(content)]))
}

/** The line of the witness, over what a witness signs at that time, by the key of the log. */
function forgeWitness(world: World): string {
  return note(world, (text) => {
    const [head, own, line = ''] = lines(text)
    const [, , encoded = ''] = line.trim().split(' ')
    const bytes = Buffer.from(encoded, 'base64')
    const message = cosignedText(bytes.readBigUInt64BE(4), head.slice(0, -1))
    const forged = sign(null, message, world.publisher.logKey)
    const whole = Buffer.concat([bytes.subarray(0, 12), forged]).toString('base64')
    return `${head}${own}${line.replace(encoded, whole)}`
  })
}

async function cosignedAt(world: World, time: number): Promise<string> {
  const { publisher } = world
  const strange = cosigner({
    name: 'other.example/w',
    privateKey: ed25519From(randomBytes(32)),
    clock: fixedClock(time),
  })
  const honest = JSON.parse(world.bundle).verificationMaterial.tlogEntries[0].inclusionProof.checkpoint.envelope
  const [head] = lines(honest)
  const signed = await signNote(head.slice(0, -1), [noteSigner(publisher.trustedLog.origin, publisher.logKey), strange])
  return note(world, () => signed)
}

/** A policy that wants all of these witnesses. */
function policyOf(keys: readonly NoteKey[]): Policy {
  const witnesses = keys.map((key) => ({ name: key.name, key, url: undefined }))
  return { logs: [], witnesses, quorum: { threshold: keys.length, members: keys.map(({ name }) => name) } }
}

/** The catalogue. */
export const LOG_TAMPERINGS: readonly Tampering[] = [
  tampering('index in the proof alone', 'index-mismatch', (world) => proof(world, (p) => (p.logIndex = '1'))),
  tampering('both indices', 'inclusion', (world) =>
    entry(world, (e) => (e.logIndex = e.inclusionProof.logIndex = '1')),
  ),
  tampering('index outside the tree', 'inclusion', (world) =>
    entry(world, (e) => (e.logIndex = e.inclusionProof.logIndex = e.inclusionProof.treeSize)),
  ),
  tampering('indices left out', 'inclusion', (world) =>
    entry(world, (e) => {
      delete e.logIndex
      delete e.inclusionProof.logIndex
    }),
  ),
  tampering('hashes left out', 'inclusion', (world) => proof(world, (p) => delete p.hashes)),
  tampering('index with a plus sign', 'int64-string', (world) => entry(world, (e) => (e.logIndex = `+${e.logIndex}`))),
  tampering('index with a zero before it', 'int64-string', (world) =>
    entry(world, (e) => (e.logIndex = `0${e.logIndex}`)),
  ),
  tampering('negative index', 'int64-string', (world) => entry(world, (e) => (e.logIndex = '-1'))),
  tampering('log id of four bytes', 'log-id', (world) => entry(world, (e) => (e.logId.keyId = 'AAAAAA=='))),
  tampering('another log id that begins alike', 'log-id', (world) =>
    entry(world, (e) => {
      const id = Buffer.from(e.logId.keyId, 'base64')
      e.logId.keyId = Buffer.concat([id.subarray(0, 4), randomBytes(28)]).toString('base64')
    }),
  ),
  tampering('entry of kind dsse', 'kind-version', (world) => entry(world, (e) => (e.kindVersion.kind = 'dsse'))),
  tampering('integrated time of zero', 'integrated-time', (world) => entry(world, (e) => (e.integratedTime = '0'))),
  tampering('empty promise', 'inclusion-promise', (world) => entry(world, (e) => (e.inclusionPromise = {}))),
  tampering('unknown member of the proof', 'unknown-field', (world) => proof(world, (p) => (p.note = 'x'))),
  tampering('hashes of the proof turned round', 'inclusion', (world) => proof(world, (p) => p.hashes.reverse())),
  tampering('hash of 31 bytes', 'inclusion', (world) =>
    proof(world, (p) => (p.hashes[0] = Buffer.alloc(31).toString('base64'))),
  ),
  tampering('a hundred hashes', 'inclusion', (world) =>
    proof(world, (p) => (p.hashes = Array.from({ length: 100 }, () => p.hashes[0]))),
  ),
  tampering('no hashes', 'inclusion', (world) => proof(world, (p) => (p.hashes = []))),
  tampering('root of the proof cut', 'root-mismatch', (world) => proof(world, (p) => (p.rootHash = 'AAAA'))),
  tampering('body without padding', 'base64', (world) =>
    entry(world, (e) => (e.canonicalizedBody = `${e.canonicalizedBody.replace(/=+$/, '')}A`)),
  ),
  tampering('leaf with another key for the same signature', 'leaf', ({ issue, publisher }) =>
    issue({
      leaf: (bytes) => {
        const [own, other] = [publisher.signer, makeSigner()].map(({ publicKeyPem }) =>
          Buffer.from(readPublicKey(publicKeyPem).spki).toString('base64'),
        )
        return Buffer.from(
          Buffer.from(bytes)
            .toString()
            .replace(own ?? '', other ?? ''),
        )
      },
    }),
  ),
  tampering('leaf over the payload without its type', 'leaf', async (world) => {
    const payload = Buffer.from(JSON.parse(world.bundle).dsseEnvelope.payload, 'base64')
    const digest = Buffer.from(await webCryptography.sha256(payload)).toString('base64')
    return leaf(world, (text) => text.replace(/("digest":")[^"]+/, `$1${digest}`))
  }),
  tampering('leaf with other details of the key', 'leaf', (world) =>
    leaf(world, (text) => text.replace('P256_SHA_256', 'P384_SHA_384')),
  ),
  tampering('leaf with one more member', 'leaf', (world) => leaf(world, (text) => text.replace('{', '{"a":"b",'))),
  tampering('leaf with members in another order', 'leaf', (world) =>
    leaf(world, (text) =>
      text.replace('"apiVersion":"0.0.2","kind":"hashedrekord"', '"kind":"hashedrekord","apiVersion":"0.0.2"'),
    ),
  ),
  tampering('leaf with a space behind', 'leaf', (world) => leaf(world, (text) => `${text} `)),
  tampering('entry of an earlier signing of the same statement', 'leaf', async ({ edit, issue }) => {
    const other = JSON.parse(await issue({}))
    return edit((b) => (b.verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries))
  }),
  tampering('entry and timestamp of another bundle', 'leaf', async ({ edit, restate }) => {
    const other = JSON.parse(await restate((statement) => (statement.subject[0].name = 'elm')))
    return edit((b) => (b.verificationMaterial = other.verificationMaterial))
  }),
  tampering('leaf of a stranger', 'leaf', async (world) => withEntry(world, await world.publisher.prove(0))),
  tampering('checkpoint with a line of its own, signed by the log', 'checkpoint', ({ issue }) =>
    issue({ note: (text) => `${text}extra line\n` }),
  ),
  tampering('size of the checkpoint with a zero before it, signed by the log', 'checkpoint', ({ issue }) =>
    issue({ note: (text) => text.replace(/\n(\d+)\n/, '\n0$1\n') }),
  ),
  tampering('origin in capitals, signed by the log', 'origin', ({ issue }) =>
    issue({ note: (text) => text.replace('log.example', 'LOG.example') }),
  ),
  tampering('origin with a dot behind, signed by the log', 'origin', ({ issue }) =>
    issue({ note: (text) => text.replace('log.example', 'log.example.') }),
  ),
  tampering('origin that holds the name of the log, signed by the log', 'origin', ({ issue }) =>
    issue({ note: (text) => `evil.${text}` }),
  ),
  tampering('another root, signed by the log', 'root-mismatch', ({ issue }) =>
    issue({ note: (text) => text.replace(/\n(\d+)\n.*\n/, `\n$1\n${randomBytes(32).toString('base64')}\n`) }),
  ),
  tampering('another size, signed by the log', 'size-mismatch', ({ issue }) =>
    issue({ note: (text) => text.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`) }),
  ),
  tampering('checkpoint without its last newline', 'checkpoint', (world) => note(world, (text) => text.slice(0, -1))),
  tampering('checkpoint with an empty line behind', 'checkpoint', (world) => note(world, (text) => `${text}\n`)),
  tampering('checkpoint with line ends of Windows', 'checkpoint', (world) =>
    note(world, (text) => text.replaceAll('\n', '\r\n')),
  ),
  tampering('line of the log twice', 'checkpoint', (world) =>
    note(world, (text) => {
      const [head, own = '', ...rest] = lines(text)
      return [head, own, own, ...rest].join('')
    }),
  ),
  tampering('line of the log under another name', 'checkpoint-signature', (world) =>
    note(world, (text) => text.replace('— 2026.log.example', '— 2026.log.example/x')),
  ),
  tampering('line of the log alone under its own name by a stranger', 'checkpoint-signature', (world) =>
    note(world, (text) => {
      const [head, own = ''] = lines(text)
      const bytes = Buffer.from(own.trim().split(' ')[2] ?? '', 'base64')
      const forged = Buffer.concat([
        bytes.subarray(0, 4),
        sign(null, Buffer.from(head.slice(0, -1)), ed25519From(randomBytes(32))),
      ])
      return `${head}— 2026.log.example ${forged.toString('base64')}\n`
    }),
  ),
  tampering('base64 of a line of a witness', 'base64', (world) => note(world, (text) => text.replace(/==\n$/, '=A\n'))),
  tampering('line of a witness that is none', 'checkpoint', (world) => note(world, (text) => `${text}— nobody\n`)),
  tampering('line of the witness twice', 'checkpoint', (world) =>
    note(world, (text) => {
      const [head, own = '', witness = ''] = lines(text)
      return [head, own, witness, witness].join('')
    }),
  ),
  tampering('line of the witness left out', 'witness-quorum', (world) =>
    note(world, (text) => lines(text).slice(0, 2).join('')),
  ),
  tampering('a stranger as witness', 'witness-quorum', (world) => cosignedAt(world, world.now)),
  tampering('witness signature by the key of the log', 'witness-signature', forgeWitness),
  tampering('line of the witness under another name', 'witness-quorum', (world) =>
    note(world, (text) => text.replace('witness.example/w1', 'witness.example/w2')),
  ),
  tampering('time of the witness', 'witness-signature', (world) =>
    note(world, (text) => {
      const [head, own = '', line = ''] = lines(text)
      const [, , encoded = ''] = line.trim().split(' ')
      const bytes = Buffer.from(encoded, 'base64')
      bytes[11] = (bytes[11] ?? 0) ^ 1
      return [head, own, line.replace(encoded, bytes.toString('base64'))].join('')
    }),
  ),
  tampering('key of the log is counted as a witness', 'witness-policy', ({ bundle, publisher }) => {
    const { witness, trustedLog } = publisher
    const key = { ...witness, publicKey: trustedLog.publicKey }
    return { bundle, options: { witnessPolicy: policyOf([key]) } }
  }),
  tampering('one key is counted as two witnesses', 'witness-policy', ({ bundle, publisher: { witness } }) => ({
    bundle,
    options: { witnessPolicy: policyOf([witness, { ...witness, name: 'other' }]) },
  })),
  tampering('policy of another log', 'witness-policy', ({ bundle, publisher: { witness } }) => ({
    bundle,
    options: { witnessPolicy: { ...policyOf([witness]), logs: [{ key: witness, url: undefined }] } },
  })),
  tampering('key of the log was out of use before the timestamp', 'log-validity', ({ bundle, now, publisher }) => ({
    bundle,
    options: { trustedLogs: [{ ...publisher.trustedLog, validUntil: now - 1 }] },
  })),
  tampering('key of the log came into use after the timestamp', 'log-validity', ({ bundle, now, publisher }) => ({
    bundle,
    options: { trustedLogs: [{ ...publisher.trustedLog, validFrom: now + 1 }] },
  })),
]
