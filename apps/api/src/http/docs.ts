// The API page: Scalar's bundle from our own server. Its page starts with an inline script that npm gives us as text, so
// the policy allows exactly that text by its hash, and nothing from anywhere else.
import { createHash } from 'node:crypto'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

export async function serveDocs(app: FastifyInstance, document: object): Promise<void> {
  const config = { access: 'signedIn' } as const
  app.get('/openapi.json', { config }, async () => document)
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...config }
    })
    docs.addHook('onSend', async (_, reply, payload) => {
      if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html'))
        return payload
      const texts = [...payload.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].flatMap(([, text]) => text || [])
      const hashes = texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      // Scalar sets style attributes and elements without a nonce; a style cannot run code.
      const policy = `default-src 'none'; script-src 'self' ${hashes.join(' ')}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
      void reply.header('content-security-policy', policy)
      return payload
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'MSP Console API',
        withDefaultFonts: false,
        telemetry: false,
        // Offers of its maker that would ask elsewhere.
        showDeveloperTools: 'never',
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}
