import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, Trouble } from './trouble.mjs'

/** Throws a Trouble unless the port can be listened on. Waits up to `patienceMs` for a program that is just ending. */
export async function requireFreePort(port: number, host: string, variable: string, patienceMs: number): Promise<void> {
  const hosts = host === 'localhost' ? ['127.0.0.1', '::1'] : [host]
  for (let waited = 0; ; waited += 200) {
    const failures = await Promise.all(hosts.map((one) => listenFailure(port, one)))
    const failure = failures.find((code) => code !== undefined)
    if (failure === undefined) return
    if (failure === 'EADDRINUSE') {
      if (waited < patienceMs) await sleep(200)
      else
        throw new Trouble(`Port ${port} is used by another program; stop that one, or set ${variable} to a free port.`)
    } else if (failure === 'EACCES') {
      throw new Trouble(`Port ${port} is reserved for the administrator; set ${variable} to a port from 1024 on.`)
    } else {
      throw new Trouble(
        `Nothing can listen on ${host}:${port} (${failure}); set HOST and ${variable} to an address of this machine.`,
      )
    }
  }
}

/** The code of what went wrong; an address family that this machine lacks is no failure. */
function listenFailure(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => {
      const code = codeOf(error)
      resolve(host === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') ? undefined : code)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
