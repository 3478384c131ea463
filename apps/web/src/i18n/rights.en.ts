// Kinds of object and levels, as users, sets and tokens name them.
export const rightsEn = {
  object: {
    groups: 'Groups and companies',
    setup: 'Customer setup',
    sync: 'Synchronization',
    accounts: 'EMA accounts',
    users: 'Users and rights',
    audit: 'Audit log',
  },
  level: { none: 'None', read: 'Read', use: 'Use', write: 'Write' },
}
