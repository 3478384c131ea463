import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem } from '@msp-console/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../testing.ts'

let t: TestApp
let root: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'console-'))
  t = await openTestApp({ webRoot: root })
})
afterAll(async () => {
  await t.close()
  rmSync(root, { recursive: true })
})

const get = (url: string) => t.app.inject({ url })

describe('the console', () => {
  test('says so while it is not built', async () => {
    expect(await get('/')).toMatchObject({ statusCode: 503, body: expect.stringContaining('npm start') })
  })

  test('is one page for every address of its own, with a nonce of each answer', async () => {
    writeFileSync(join(root, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__" /><p>console</p>')
    const nonces = await Promise.all(
      ['/', '/computers/57', '/customers?state=notSetUp', '/setup?token=a.b'].map(async (url) => {
        const { body, headers, statusCode } = await get(url)
        const nonce = /content="([^"]+)"/.exec(body)?.[1] ?? ''
        expect(statusCode).toBe(200)
        expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}';`)
        expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/)
        expect(headers['cache-control']).toBe('no-cache')
        return nonce
      }),
    )
    expect(new Set(nonces).size).toBe(4)
    expect(nonces.every((nonce) => nonce.length >= 22)).toBe(true)
  })

  test('keeps hashed files for ever and others for an hour', async () => {
    mkdirSync(join(root, 'assets'))
    writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'let a')
    writeFileSync(join(root, 'before-paint.js'), 'let b')
    expect((await get('/assets/app-1a2b.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get('/before-paint.js')).headers['cache-control']).toBe('public, max-age=3600')
  })

  test.each(['/assets/../index.html', '/assets/..%2findex.html', '/assets/%2e%2e/index.html', '/secret.key', '/.env'])(
    '%s leads nowhere',
    async (url) => {
      const response = await get(url)
      expect([response.statusCode, response.body.includes('console</p>')]).toEqual([404, false])
      expect(response.json<Problem>().code).toBe('not-found')
    },
  )
})
