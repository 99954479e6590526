/** What the form about an erasure's subject means. */
import type { Subject } from '../api/types';

export type Kind = 'sessions' | 'userId' | 'visitorId' | 'time' | 'property' | 'organization';

export const kindOfSubject = (subject: Subject | undefined): Kind =>
  (Object.keys(subject ?? {})[0] as Kind | undefined) ?? 'sessions';

/** The subject that a filled-in form names; a text says what is missing. */
export function subjectOf(kind: Kind, form: FormData, organizationId: string): Subject | string {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  switch (kind) {
    case 'sessions': {
      const sessions = [
        ...new Set(
          text('sessions')
            .split(/[\s,]+/)
            .filter(Boolean),
        ),
      ];
      return sessions.length ? { sessions } : 'Enter at least one session id.';
    }
    case 'userId':
      return text('userId') ? { userId: text('userId') } : 'Enter a user id.';
    case 'visitorId':
      return text('visitorId') ? { visitorId: text('visitorId') } : 'Enter a visitor id.';
    case 'time': {
      const [from, to] = [Date.parse(text('from')), Date.parse(text('to'))];
      return to > from ? { time: { from, to } } : 'Enter a start and an end. The start must be before the end.';
    }
    case 'property': {
      const property = { name: text('name'), value: text('value') };
      return property.name && property.value ? { property } : 'Enter a trait and its value.';
    }
    case 'organization':
      return { organization: organizationId };
  }
}
