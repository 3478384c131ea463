/**
 * The only reader of process.env. Everything else receives values.
 * An error names the variable, what is wrong with it and how to mend it; it never repeats a secret.
 */
import { z } from 'zod'
import { isLoopback } from './http/plain-http.ts'
import { readSecretKey } from './secret-key.ts'

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
    secret: { value: env.SECRET_KEY, file: env.SECRET_KEY_FILE },
  }))

export type Config = Omit<z.output<typeof Environment>, 'secret'> & {
  /** 32 bytes from which every other key is derived. */
  secretKey: Buffer
}

/** Reads and checks all of it. @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  // An empty variable is how compose files and CI say "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(sentence).join('\n'))
  const { secret, ...config } = parsed.data
  try {
    return { ...config, secretKey: readSecretKey(secret, config.dataDir) }
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.')
  return issue.message.startsWith(name) ? `${issue.message}.` : `${name}: ${issue.message}.`
}
