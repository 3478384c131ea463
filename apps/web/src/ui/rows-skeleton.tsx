import { Skeleton, Stack } from '@mantine/core'
import { Delayed } from './delayed.tsx'

/** Grey lines where rows will be, after 300 ms of waiting. */
export function RowsSkeleton({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <Delayed>
      <Stack component="output" gap={10} p="md" aria-label={label}>
        {Array.from({ length: rows }, (_, index) => (
          <Skeleton key={index} height={22} width={`${92 - ((index * 17) % 40)}%`} radius={4} />
        ))}
      </Stack>
    </Delayed>
  )
}
