/**
 * A publication that opens the register only when the first signature is there.
 *
 * A model is hashed for minutes, and the register of a folder serves one process at a time; so it is not held meanwhile.
 * That it is free is asked at the beginning, since nobody wants to hear that after the hashing.
 */
import type { Publication, Signer } from '../../certificate/index.ts'
import { ensureRegisterFree, openRegister } from '../../register/index.ts'
import type { Context } from '../context.ts'
import { openRecord } from './open-record.ts'
import type { PublicRecord } from './public-record.ts'

/**
 * Does work that may publish what it signs, and closes the register after it.
 *
 * @throws Fault `register-locked`, and those of `openRegister()` and `openRecord()` at the first signature
 */
export async function withPublication<Value>(
  context: Context,
  signer: Signer,
  work: (publication: Publication) => Promise<Value>,
): Promise<Value> {
  await ensureRegisterFree(context.register.place)
  let close: () => Promise<void> = () => Promise.resolve()
  let opening: Promise<PublicRecord> | undefined
  const open = async (): Promise<PublicRecord> => {
    const register = await openRegister(context.register)
    close = () => register.close()
    return openRecord(context, register, signer)
  }
  const once = (): Promise<PublicRecord> => (opening ??= open())
  try {
    return await work({
      stamp: async (signature) => (await once()).publication.stamp(signature),
      log: async (leaf, unlogged) => (await once()).publication.log(leaf, unlogged),
    })
  } finally {
    await close()
  }
}
