// The demo's rehearsals: what its source can be made to do wrong, and what the console then does.
export const rehearsalEn = {
  title: 'Rehearsal',
  lead: 'Make the demo’s EMA misbehave, sync, and see what the console does. Everything can be taken back.',
  nav: 'Rehearsal',
  start: 'Do it',
  again: 'Under way',
  restore: 'Take everything back',
  none: 'Nothing is being rehearsed: the source is honest.',
  active: 'Under way',
  about_one: '{{subject}}, {{shown}} company',
  about_other: '{{subject}}, {{shown}} companies',
  count_one: '{{shown}} company',
  count_other: '{{shown}} companies',
  started: 'Done. Sync twice to see what the console makes of it.',
  restored: 'The source is honest again. The next sync puts everything back.',
  loseSubtree: {
    title: 'Lose a subtree',
    what: 'A provider and all of its customers vanish from EMA, as if they had never been.',
    result:
      'The first sync marks them as not seen. The second one asks EMA for them one by one and holds their removal: you decide.',
  },
  dropRights: {
    title: 'Drop my rights',
    what: 'The login loses its right to see one manager. In EMA’s lists that looks exactly like a removal.',
    result: 'Nothing is shown as removed: EMA still knows the companies, so they become “no access”.',
  },
  rename300: {
    title: 'Rename 300',
    what: 'Three hundred customers, or all there are, get another name at once.',
    result: 'Names follow at once, old names stay searchable, and every customer has it in the history.',
  },
  maintenance: {
    title: 'Maintenance',
    what: 'EMA answers every call that it is under maintenance.',
    result: 'The sync fails after some tries and says so. Nothing is changed; the data stays as it was.',
  },
  expireTokens: {
    title: 'Expire tokens',
    what: 'Every token that EMA has given out ends at once, also in the middle of a sync.',
    result: 'The sync signs in again and goes on. Nobody notices.',
  },
}
