import { Notifications } from '@mantine/notifications'

/** Where `notify` shows its messages. */
export function Messages() {
  return <Notifications position="bottom-right" limit={4} containerWidth={420} />
}
