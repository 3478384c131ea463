import { getUser, listSets, listUsers, updateUser, type User } from '@msp-console/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { userQuery } from '../api/user-queries.ts'
import { useConfirmation } from '../domain/confirmation.ts'

export interface UserChange {
  name?: string
  homeGroupId?: string
  disabled?: boolean
  grants?: { rootId: string; setId: string }[]
}

/** Changes what is named; the rest stays as it is known here, because the server takes all of it at once. */
export function useUpdateUser(user: User) {
  const client = useQueryClient()
  const withConfirmation = useConfirmation()
  return useMutation({
    mutationFn: (change: UserChange) => {
      const body = {
        name: user.name,
        homeGroupId: user.homeGroup?.id ?? '1',
        disabled: user.disabled,
        grants: user.grants.map(({ root, set }) => ({ rootId: root.id, setId: set.id })),
        ...change,
      }
      return withConfirmation(() => call(updateUser, { params: { id: user.id }, body }))
    },
    onSuccess: (changed) => {
      client.setQueryData(userQuery(user.id).queryKey, changed)
      for (const { name } of [getUser, listUsers, listSets]) void client.invalidateQueries({ queryKey: [name] })
    },
  })
}
