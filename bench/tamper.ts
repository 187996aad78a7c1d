/**
 * How many random edits of one byte does the verifier accept, and does any of them change what was verified?
 *
 *     node bench/tamper.ts [--edits 20000] [--seed 1] [--guard]
 *
 * Each bundle is edited so many times at a random place to a random other byte. An accepted edit is told by where it
 * lies; one that changes anything in the report (statement, level, a check and its evidence) would be a forgery and ends the run with 1.
 */
import { parseArgs } from 'node:util'
import { canonicalJson } from '../src/base/index.ts'
import { issueCertificate } from '../src/certificate/index.ts'
import { CLEARED } from '../src/testing/publication.ts'
import { seededRandom } from '../src/testing/seeded-random.ts'
import { makeWorld } from '../src/testing/tampering/index.ts'
import { verifyBundle, type VerificationOptions, type VerificationReport } from '../src/verify.ts'

interface Subject {
  readonly name: string
  readonly bundle: Buffer
  readonly options: VerificationOptions
}

interface Tally {
  accepted: number
  forged: number
  readonly places: Map<string, number>
}

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    guard: { type: 'boolean' },
  },
})

/** What was verified: all of the report but its schema and its reason, which is null where it passes. */
function meaningOf({ verdict, level, statement, checks }: VerificationReport): string {
  return canonicalJson({ verdict, level, statement, checks })
}

/** The member of the bundle in which a byte lies. */
function placeOf({ bundle }: Subject, at: number): string {
  const before = bundle.subarray(0, at).toString('latin1')
  const member = before.match(/"(\w+)":(?!.*"\w+":)/s)?.[1] ?? 'start'
  const inNote = member === 'envelope' && before.slice(before.lastIndexOf('"envelope":')).split('\\n').length > 5
  return inNote ? 'envelope, line of a witness' : member
}

async function tally(subject: Subject, edits: number, random: () => number): Promise<Tally> {
  const honest = meaningOf(await verifyBundle(subject.bundle, subject.options))
  const found: Tally = { accepted: 0, forged: 0, places: new Map() }
  for (let edit = 0; edit < edits; edit++) {
    const edited = Buffer.from(subject.bundle)
    const at = Math.floor(random() * edited.length)
    edited[at] = ((edited[at] ?? 0) + 1 + Math.floor(random() * 255)) % 256
    const report = await verifyBundle(edited, subject.options)
    if (report.verdict !== 'pass') continue
    found.accepted++
    const place = placeOf(subject, at)
    found.places.set(place, (found.places.get(place) ?? 0) + 1)
    if (meaningOf(report) !== honest) found.forged++
  }
  return found
}

/** A certificate, the manifest with and without a policy for witnesses. */
async function makeSubjects(): Promise<readonly Subject[]> {
  const world = await makeWorld()
  const { publisher, options, now, bundle } = world
  const { witnessPolicy: _, ...unwitnessed } = options
  const { predicateType: __, ...untyped } = options
  const model = { name: 'oak', sha256: options.artefact?.sha256 ?? '', dirHash: options.artefact?.dirHash ?? '' }
  const issued = await issueCertificate({ model, content: CLEARED, issuedAt: now }, publisher.signer, publisher)
  return [
    { name: 'certificate, witnesses asked for', bundle: Buffer.from(issued.bundle), options: untyped },
    { name: 'manifest, witnesses asked for', bundle: Buffer.from(bundle), options },
    { name: 'manifest, no policy for witnesses', bundle: Buffer.from(bundle), options: unwitnessed },
  ]
}

const edits = Number(values.edits)
let forged = 0
for (const subject of await makeSubjects()) {
  const { verdict, reason } = await verifyBundle(subject.bundle, subject.options)
  if (verdict !== 'pass') throw new Error(`the honest bundle is not accepted: ${verdict} ${reason}`)
  const found = await tally(subject, edits, seededRandom(Number(values.seed)))
  forged += found.forged
  const places = [...found.places].map(([place, count]) => `${count} in ${place}`).join(', ')
  console.log(
    `${subject.name}: ${edits} edits of ${subject.bundle.length} bytes, ${found.accepted} accepted${places === '' ? '' : ` (${places})`}, ${found.forged} with another meaning`,
  )
}
process.exitCode = forged === 0 ? 0 : 1
