/** Readers of untrusted bytes: files become facts. */
export * from './facts.ts'
export * from './budget.ts'
export * from './byte-source.ts'
export * from './reader.ts'
