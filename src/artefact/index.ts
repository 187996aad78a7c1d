/** Intake: a reference becomes a read-only artefact. */
export * from './artefact.ts'
