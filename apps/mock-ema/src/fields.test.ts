import { expect, test } from 'vitest'
import { Fields } from './fields.ts'

test('what was asked is kept as far as it was sent, and nothing else', () => {
  const ask = (fields: Fields) => {
    fields.text('name')
    fields.flag('manager')
    fields.tags('tags')
    fields.group('address').text('city')
    return fields.asked()
  }
  expect(ask(new Fields({}))).toEqual({})
  expect(Object.keys(ask(new Fields({ secret: 1 })))).toEqual([])
  const sent = { NAME: null, Manager: 'yes', tags: [{ tag: 'a', secret: 1 }], address: { City: 'Brno', secret: 1 } }
  const asked = ask(new Fields(sent))
  expect(asked).toEqual({ name: null, manager: false, tags: ['a'], address: { city: 'Brno' } })
  expect(ask(new Fields(asked))).toEqual(asked)
})
