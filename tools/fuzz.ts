/**
 * Holds the analysis of pickles against Python's own unpicklers: `npm run fuzz [-- --streams N] [--seed N] …`.
 *
 *     --streams 100000   how many; a run of 10^7 takes hours
 *     --seed 1           any number; a stream depends on the seed and its own number alone
 *     --from 0           number of the first stream, to go on after an interrupted run
 *     --state FILE       keeps the number reached in a file and goes on from there
 *     --corpus FOLDER    whole pickle files to mutate, beside those that the grammar makes
 *     --most 10          counterexamples after which to stop
 *     --python python3   the interpreter
 *
 * Every stream is loaded by four unpicklers of CPython and the same four of the current CPython in Pyodide, with
 * everything it could reach made inert. See `fuzz/properties.ts` for what must hold. Exit code 1 when something does not.
 */
import { runFuzzer } from './fuzz/run.ts'

process.exitCode = await runFuzzer(process.argv.slice(2))
