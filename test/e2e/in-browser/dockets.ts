/** Status lists and draws as functions from data to plain answers, to be run in Node and in a browser. */
import { isFault } from '../../../src/base/index.ts'
import { webCryptography } from '../../../src/certificate/cryptography.ts'
import { deriveSeed, drawProbes, type Draw } from '../../../src/certificate/docket/beacon.ts'
import { decodeBits } from '../../../src/certificate/status/bitstring.ts'
import { checkStatus, readSignedStatusList, type StatusQuestion } from '../../../src/verify.ts'

/** `verdict:reason` of a certificate by a signed list, or the code of the fault that refused it. */
export async function askSignedList(bundle: string, publicKeyPem: string, question: StatusQuestion): Promise<string> {
  try {
    const trust = { publicKeyPem, now: question.now, mayIssue: () => true }
    const { verdict, reason } = checkStatus(
      await readSignedStatusList(new TextEncoder().encode(bundle), trust),
      question,
    )
    return `${verdict}:${reason}`
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code
    throw thrown
  }
}

/** `ok` for an encoded list of that many bytes, or the code of the fault that refused it. */
export async function readEncoded(encodedList: string, length: number): Promise<string> {
  try {
    await decodeBits(encodedList, length)
    return 'ok'
  } catch (thrown) {
    if (isFault(thrown)) return thrown.code
    throw thrown
  }
}

/** The positions that a test asks. */
export async function draw(root: string, intent: string, of: Omit<Draw, 'seed'>): Promise<readonly number[]> {
  return drawProbes({ ...of, seed: await deriveSeed(root, intent, webCryptography) }, webCryptography)
}
