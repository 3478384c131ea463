/**
 * The only reader of process.env. Everything else receives values.
 * An error names the variable, what is wrong with it and how to mend it; it never repeats a secret.
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import { isLoopback } from './http/plain-http.ts'
import { readPreviousKeys, readSecretKey } from './secret-key.ts'

/** The environment cannot be used as it is; the message is one sentence for the person who starts the console. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const port = (name: string) =>
  z.coerce
    .number(`${name} must be a number; set it to a port from 0 to 65535`)
    .int(`${name} must be a whole number; set it to a port from 0 to 65535`)
    .min(0, `${name} must be a port from 0 to 65535`)
    .max(65_535, `${name} must be a port from 0 to 65535`)

const databaseUrl = (name: string) =>
  z.url({
    protocol: /^postgres(ql)?$/,
    error: `${name} must look like postgres://user:password@host:5432/database; set it to a PostgreSQL server, version 17 or later`,
  })

const HOST = /^(?=.{1,253}(:|$))([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](:[1-9][0-9]{0,4})?$/
const ADDRESSES = { test: (text: string) => isIP(text) > 0 || isRange(text) }

/** Comma-separated, lower case; empty by default. */
const list = (name: string, entry: { test: (text: string) => boolean }, what: string) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .toLowerCase()
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.every((part) => entry.test(part)), `${name} must be a comma-separated list of ${what}`)

function isRange(text: string): boolean {
  const [address = '', bits = ''] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= most
}

const Environment = z
  .object({
    MODE: z.enum(['demo', 'production'], 'MODE must be demo or production').default('production'),
    PORT: port('PORT').default(3000),
    HOST: z.string().default('localhost'),
    DATABASE_URL: databaseUrl('DATABASE_URL'),
    DATABASE_SYNC_URL: databaseUrl('DATABASE_SYNC_URL').optional(),
    DATABASE_APP_URL: databaseUrl('DATABASE_APP_URL').optional(),
    EMA_PORT: port('EMA_PORT').default(4010),
    DATA_DIR: z.string().default('.data'),
    REMOVAL_GAP: z.coerce
      .number('REMOVAL_GAP must be a number of seconds, 0 or more')
      .min(0, 'REMOVAL_GAP must be a number of seconds, 0 or more')
      .optional(),
    COLLATION: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'COLLATION must be a language tag such as cs or en')
      .default('cs'),
    SECRET_KEY: z.string().optional(),
    SECRET_KEY_FILE: z.string().optional(),
    SECRET_KEY_PREVIOUS: z.string().optional(),
    SECRET_KEY_PREVIOUS_FILE: z.string().optional(),
    SECRET_KEY_LOST: z.enum(['yes'], 'SECRET_KEY_LOST must be yes, or not be set').optional(),
    EMA_HOSTS: list('EMA_HOSTS', HOST, 'host names such as ema.example.com or ema.example.com:8443'),
    TRUSTED_PROXIES: list('TRUSTED_PROXIES', ADDRESSES, 'addresses or ranges such as 10.0.0.5,172.18.0.0/16'),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/, error: 'PUBLIC_URL must be an address such as https://console.example.com' })
      .refine((url) => !/^http:/i.test(url) || !URL.canParse(url) || isLoopback(new URL(url).hostname), {
        error:
          'PUBLIC_URL must begin with https:// unless it is on this machine, because passwords and sessions would cross the network in the clear; put a server that speaks TLS in front of the console and give its address',
      })
      .transform((url) => new URL(url).origin)
      .optional(),
    RATE_LIMIT: z.coerce
      .number('RATE_LIMIT must be a number of requests per minute and address')
      .int('RATE_LIMIT must be a whole number of requests per minute and address')
      .min(1, 'RATE_LIMIT must be at least 1 request per minute and address')
      .default(6000),
    USER_RATE_LIMIT: z.coerce
      .number('USER_RATE_LIMIT must be a number of requests per minute and user')
      .int('USER_RATE_LIMIT must be a whole number of requests per minute and user')
      .min(1, 'USER_RATE_LIMIT must be at least 1 request per minute and user')
      .default(3000),
    TREE_WHOLE_MOST: z.coerce
      .number('TREE_WHOLE_MOST must be a number of customers')
      .int('TREE_WHOLE_MOST must be a whole number of customers')
      .min(0, 'TREE_WHOLE_MOST must be 0 customers or more')
      .default(200_000),
    LOG_LEVEL: z
      .enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      )
      .default('info'),
  })
  .transform((env) => ({
    mode: env.MODE,
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    databaseSyncUrl: env.DATABASE_SYNC_URL,
    databaseAppUrl: env.DATABASE_APP_URL,
    emaPort: env.EMA_PORT,
    dataDir: env.DATA_DIR,
    removalGapSeconds: env.REMOVAL_GAP ?? (env.MODE === 'demo' ? 0 : 600),
    collation: env.COLLATION,
    publicUrl: env.PUBLIC_URL,
    rateLimitPerMinute: env.RATE_LIMIT,
    logLevel: env.LOG_LEVEL,
    userRateLimitPerMinute: env.USER_RATE_LIMIT,
    wholeTreeMost: env.TREE_WHOLE_MOST,
    secretKeyLost: env.SECRET_KEY_LOST === 'yes',
    emaHosts: env.EMA_HOSTS,
    // A proxy on this machine is believed once PUBLIC_URL announces one.
    trustedProxies: env.TRUSTED_PROXIES.length > 0 || env.PUBLIC_URL === undefined ? env.TRUSTED_PROXIES : ['loopback'],
    secret: { value: env.SECRET_KEY, file: env.SECRET_KEY_FILE },
    previous: { value: env.SECRET_KEY_PREVIOUS, file: env.SECRET_KEY_PREVIOUS_FILE },
  }))

export type Config = Omit<z.output<typeof Environment>, 'secret' | 'previous'> & {
  /** 32 bytes from which every other key is derived. */
  secretKey: Buffer
  /** Keys that may still open what was sealed before. */
  previousKeys: Buffer[]
}

/** Reads and checks all of it. @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable is how compose files and CI say "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(sentence).join('\n'))
  const { secret, previous, ...config } = parsed.data
  try {
    const secretKey = readSecretKey(secret, config.dataDir)
    return { ...config, secretKey, previousKeys: readPreviousKeys(previous, config.dataDir) }
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.')
  return issue.message.startsWith(name) ? `${issue.message}.` : `${name}: ${issue.message}.`
}
