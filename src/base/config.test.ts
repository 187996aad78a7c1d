import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { resolveConfig, type ConfigLayers } from './config.ts'
import { describeSettings } from './config-settings.ts'
import { isFault } from './fault.ts'

const schema = z.strictObject({
  home: z.string().min(1).default('/var/lib/tidewaiter').describe('folder of the register'),
  log: z
    .strictObject({ level: z.enum(['debug', 'info']).default('info'), maxLines: z.int().min(1).max(500).default(50) })
    .prefault({}),
  serve: z
    .strictObject({ port: z.int().min(0).max(65535).default(8080), tls: z.boolean().default(false) })
    .prefault({}),
  token: z.string().min(4).optional().meta({ secret: true }),
  mirrors: z.array(z.string()).default([]),
})

const file = (text: string) => ({ path: '/etc/tidewaiter.toml', text, parse })

function resolve(layers: ConfigLayers): ReturnType<typeof resolveConfig<typeof schema>> {
  return resolveConfig(schema, layers)
}

function complaint(layers: ConfigLayers): string {
  try {
    resolve(layers)
  } catch (thrown) {
    assert.ok(isFault(thrown, 'bad-configuration'))
    return thrown.message
  }
  return assert.fail('nothing was refused')
}

test('resolveConfig() gives the defaults where nothing was said', () => {
  const { values, origins } = resolve({})
  assert.deepEqual(values.log, { level: 'info', maxLines: 50 })
  assert.deepEqual(new Set([...origins.values()].map(({ source }) => source)), new Set(['default']))
  assert.equal(origins.size, 7)
})

test('resolveConfig() lets flag win over environment over file over default, and says which did', () => {
  const { values, origins } = resolve({
    file: file('home = "/f"\n[log]\nmaxLines = 1\nlevel = "debug"\n[serve]\nport = 1\n'),
    environment: { TIDEWAITER_LOG_MAX_LINES: '2', TIDEWAITER_SERVE_PORT: '2', PATH: '/bin' },
    flags: { 'serve.port': 3, 'serve.tls': undefined },
  })
  assert.deepEqual(
    [values.home, values.log, values.serve],
    ['/f', { level: 'debug', maxLines: 2 }, { port: 3, tls: false }],
  )
  assert.deepEqual(origins.get('home'), { source: 'file', name: '/etc/tidewaiter.toml' })
  assert.deepEqual(origins.get('log.maxLines'), { source: 'environment', name: 'TIDEWAITER_LOG_MAX_LINES' })
  assert.deepEqual(origins.get('serve.port'), { source: 'flag', name: '--serve-port' })
  assert.deepEqual(origins.get('serve.tls'), { source: 'default', name: '' })
})

test('resolveConfig() reads numbers, booleans and lists from variables and flags', () => {
  const { values } = resolve({
    environment: { TIDEWAITER_SERVE_TLS: 'true', TIDEWAITER_MIRRORS: 'a, b', TIDEWAITER_HOME: '12' },
    flags: { 'log.maxLines': '7' },
  })
  assert.deepEqual([values.serve.tls, values.mirrors, values.home, values.log.maxLines], [true, ['a', 'b'], '12', 7])
})

test('resolveConfig() refuses a bad value by key, value, origin and what is allowed', () => {
  assert.equal(
    complaint({ environment: { TIDEWAITER_SERVE_PORT: '99999' } }),
    'serve.port, from TIDEWAITER_SERVE_PORT: 99999 is not allowed; it takes an integer from 0 to 65535',
  )
  assert.equal(
    complaint({ file: file('log.level = "loud"') }),
    'log.level, from the file /etc/tidewaiter.toml: "loud" is not allowed; it takes debug | info',
  )
  assert.match(
    complaint({ flags: { 'serve.tls': 'maybe' } }),
    /^serve\.tls, from --serve-tls: "maybe" .* true \| false$/,
  )
  assert.match(complaint({ environment: { TIDEWAITER_SERVE_PORT: '0x10' } }), /"0x10" is not allowed/)
  assert.match(
    complaint({ environment: { TIDEWAITER_HOME: '' } }),
    /"" is not allowed; it takes text that is not empty/,
  )
  assert.match(
    complaint({ file: file('mirrors = ["a", 2]') }),
    /^mirrors, .*\["a",2\] is not allowed; it takes a list of: text$/,
  )
})

test('resolveConfig() refuses an unknown key in each layer, an empty table and a misplaced value', () => {
  assert.match(
    complaint({ file: file('hoem = "x"') }),
    /^hoem, from the file .* is no setting; there are home, log\.level/,
  )
  assert.match(complaint({ file: file('[lgo]') }), /^lgo, .* is no setting/)
  assert.match(complaint({ file: file('[__proto__]\nhome = "x"') }), /^__proto__, .* is no setting/)
  assert.match(complaint({ file: file('log = 3') }), /^log, .* is no setting/)
  assert.match(complaint({ environment: { TIDEWAITER_HOEM: 'x' } }), /^TIDEWAITER_HOEM, .* there are TIDEWAITER_HOME, /)
  assert.match(complaint({ flags: { 'log.size': 1 } }), /^log\.size, from --log-size, is no setting/)
})

test('resolveConfig() leaves variables alone that are said to be no settings', () => {
  const environment = { TIDEWAITER_SHARED: '/srv' }
  assert.equal(resolve({ environment, notSettings: ['TIDEWAITER_SHARED'] }).values.home, '/var/lib/tidewaiter')
})

test('resolveConfig() names the file that does not parse', () => {
  assert.match(complaint({ file: file('home = ') }), /^the file \/etc\/tidewaiter\.toml cannot be read: /)
})

test('resolveConfig() never shows a secret value', () => {
  const { entries, values } = resolve({ environment: { TIDEWAITER_TOKEN: 'opensesame' } })
  assert.equal(values.token, 'opensesame')
  assert.ok(!JSON.stringify(entries).includes('sesame'))
  assert.equal(entries.find(({ key }) => key === 'token')?.value, '•••')
  assert.ok(!complaint({ environment: { TIDEWAITER_TOKEN: 'ali' } }).includes('ali,'))
  assert.match(complaint({ environment: { TIDEWAITER_TOKEN: 'ali' } }), /: the value is not allowed/)
})

test('resolveConfig() hands on what a rule over several settings says', () => {
  const both = schema.refine(({ serve }) => !serve.tls || serve.port === 443, { message: 'TLS is served on 443' })
  assert.throws(() => resolveConfig(both, { flags: { 'serve.tls': true } }), {
    message: 'the configuration: TLS is served on 443',
  })
})

test('describeSettings() refuses two settings that share a variable', () => {
  const twins = z.strictObject({
    logLevel: z.string().default(''),
    log: z.strictObject({ level: z.string().default('') }),
  })
  assert.throws(() => describeSettings(twins), { code: 'bad-schema' })
})

test('describeSettings() says what is allowed in words', () => {
  const kinds = z.strictObject({
    a: z.number().min(0.5),
    b: z.number().max(2),
    c: z.number().positive(),
    d: z.int(),
    e: z.literal('x'),
    f: z.union([z.int().min(1).max(2), z.literal('auto')]),
    g: z.string().max(3),
    h: z.url(),
    i: z.string().regex(/^a$/),
  })
  assert.deepEqual(
    describeSettings(kinds).map(({ allowed }) => allowed),
    [
      'a number of at least 0.5',
      'a number of at most 2',
      'a number above 0',
      'an integer',
      '"x"',
      'an integer from 1 to 2 | "auto"',
      '0 to 3 characters',
      'text in the form of uri',
      'text that matches ^a$',
    ],
  )
  assert.deepEqual(
    ['2', 'auto'].map((text) => describeSettings(kinds)[5]?.parse(text)),
    [2, 'auto'],
  )
})
