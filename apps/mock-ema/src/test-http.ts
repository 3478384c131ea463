// For tests only: speaks to the mock as the documentation says, without anything of the client it is used to test.
import { DEMO_PASSWORD } from './logins.ts'

export type Json = Record<string, unknown>
export type Answer = { status: number; body: Json; text: string }

export function speakPlainHttp(base: string) {
  async function send(path: string, body?: unknown, token?: string, method = body === undefined ? 'GET' : 'POST') {
    const response = await fetch(`${base}/api${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer: Answer = { status: response.status, text, body: text === '' ? {} : (JSON.parse(text) as Json) } // test data
    return answer
  }

  async function signIn(name = 'distributor') {
    const { body } = await send('/Token/Get', { username: `${name}@demo.example`, password: DEMO_PASSWORD })
    const token = String(body['accessToken'])
    return {
      token,
      refreshToken: String(body['refreshToken']),
      post: (path: string, request: unknown) => send(path, request, token),
      get: (path: string) => send(path, undefined, token),
    }
  }

  return { send, signIn }
}

export const rows = (answer: Answer, wrapper = 'companies') => answer.body[wrapper] as Json[] // what is tested
