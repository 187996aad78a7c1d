/**
 * Languages to learn, made from a seed: structure enough that weights, norms and embeddings move as they do on text.
 *
 * A language is a Markov chain over tokens with topics, and a stock of phrases: each token has a few followers of
 * unequal weight, which of them is likely depends on the topic, and every so often a phrase is quoted or what was said
 * a moment ago is said again. An eighth of the tokens never occurs, as in real vocabularies.
 */
import { randomStream, shuffled, wholeNumber, type RandomStream } from '../random.ts'

/** A text of token numbers. */
export type Corpus = Uint16Array

const FOLLOWERS = 6
const TOPICS = 8
const PHRASES = 48

interface Language {
  readonly used: Uint32Array
  readonly followers: readonly Uint32Array[]
  readonly phrases: readonly Uint32Array[]
}

/** Products, since a power may be rounded otherwise on another engine. */
function square(x: number): number {
  return x * x
}

function cube(x: number): number {
  return x * x * x
}

function makeLanguage(random: RandomStream, vocabulary: number): Language {
  const used = shuffled(random, vocabulary).subarray(0, vocabulary - Math.floor(vocabulary / 8))
  const pick = (): number => used[Math.floor(used.length * square(random()))] ?? 0
  const list = (length: number): Uint32Array => Uint32Array.from({ length }, pick)
  return {
    used,
    followers: Array.from({ length: vocabulary }, () => list(FOLLOWERS)),
    phrases: Array.from({ length: PHRASES }, () => list(3 + wholeNumber(random, 6))),
  }
}

/** Which follower: small numbers more likely, shifted by the topic. */
function follow(language: Language, at: { token: number; topic: number }, random: RandomStream): number {
  const place = (Math.floor(FOLLOWERS * cube(random())) + at.topic) % FOLLOWERS
  return language.followers[at.token]?.[place] ?? 0
}

interface Speaker {
  readonly language: Language
  readonly random: RandomStream
}

/** The next few tokens of a text. */
function continueText(
  { language, random }: Speaker,
  text: Corpus,
  at: { place: number; topic: number; choice: number },
): readonly number[] {
  const { place, topic, choice } = at
  if (choice < 0.08) return [...(language.phrases[wholeNumber(random, PHRASES)] ?? [])]
  if (choice < 0.1 && place > 16) return [...text.subarray(place - 12, place - 4)]
  return [follow(language, { token: text[place - 1] ?? language.used[0] ?? 0, topic }, random)]
}

/**
 * A text.
 *
 * @param seed names the language and the text
 * @param length tokens
 */
export function writeCorpus(seed: string, vocabulary: number, length: number): Corpus {
  const random = randomStream(`language ${seed}`)
  const language = makeLanguage(random, vocabulary)
  const text = new Uint16Array(length)
  let topic = 0
  for (let place = 0; place < length;) {
    const choice = random()
    if (choice < 0.02) topic = wholeNumber(random, TOPICS)
    const tokens = continueText({ language, random }, text, { place, topic, choice }).slice(0, length - place)
    text.set(tokens, place)
    place += tokens.length
  }
  return text
}

/** Token numbers of a batch and what comes after each. */
export interface Batch {
  readonly tokens: Uint16Array
  readonly targets: Uint16Array
  /** Tokens of each sequence. */
  readonly length: number
}

/** Draws sequences from a corpus. */
export function drawBatch(corpus: Corpus, random: RandomStream, size: { sequences: number; length: number }): Batch {
  const { sequences, length } = size
  const tokens = new Uint16Array(sequences * length)
  const targets = new Uint16Array(sequences * length)
  for (let i = 0; i < sequences; i++) {
    const from = wholeNumber(random, corpus.length - length - 1)
    tokens.set(corpus.subarray(from, from + length), i * length)
    targets.set(corpus.subarray(from + 1, from + length + 1), i * length)
  }
  return { tokens, targets, length }
}
