/**
 * The built console: hashed assets for ever, index.html fresh each time with the nonce of its answer, and index.html again
 * for every address that the console's own router knows. Nothing here needs a session: the files hold no data.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Answers that are no page: nothing may be loaded, nobody may frame them. */
export const NO_CONTENT_POLICY =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"

/**
 * Our own files only. Style elements need the nonce: the component library makes one for its variables. Text becomes markup
 * nowhere: the one trusted-types policy there may be is that of before-paint.js, which lets pass what holds no tag.
 */
function toPagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')
}

/** @param root folder of the built console; it may not exist yet while only the API is wanted */
export async function serveConsole(app: FastifyInstance, root: string) {
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'open', rateLimit: false }
    })
    await files.register(fastifyStatic, {
      root: join(root, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      suppressWarning: true,
    })
    for (const name of ['favicon.svg', 'before-paint.js']) {
      files.get(`/${name}`, (_, reply) => reply.sendFile(name, root, { maxAge: '1h', immutable: false }))
    }
    files.get('/', (_, reply) => sendIndex(reply, root))
  })
  return (reply: FastifyReply) => sendIndex(reply, root)
}

async function sendIndex(reply: FastifyReply, root: string): Promise<FastifyReply> {
  const html = await readFile(join(root, 'index.html'), 'utf8').catch(() => null)
  if (html === null) {
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The console is not built yet; npm start builds it.\n')
  }
  const nonce = randomBytes(16).toString('base64')
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('content-security-policy', toPagePolicy(nonce))
    .send(html.replace(/(<meta name="csp-nonce" content=")[^"]*/, `$1${nonce}`))
}
