import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { signOut } from '../api/auth.ts'
import { forgetView } from '../api/view.ts'
import { paths } from '../paths.ts'

/** Signs out. Whatever the server says, this browser forgets what it has read. */
export function useLeave(): () => Promise<void> {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    await signOut().catch(() => undefined)
    await client.cancelQueries()
    client.clear()
    forgetView()
    await navigate(paths.signIn())
  }
}
