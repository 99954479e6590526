import { now } from '../core/id';
import { read } from '../core/natives';
import { attribute, describe, FIELDS, matches, targetOf } from './element';
import type { Page } from './page';

const TYPES: Record<string, string> = {
  submit: 'submit',
  focusin: 'focus',
  focusout: 'blur',
  change: 'input',
  invalid: 'validation_error',
};

/** Captures submit, focus, blur, changes and validation errors; never what is in a field. */
export function trackForms(page: Page): void {
  let focusedAt = 0;

  page.listen(Object.keys(TYPES).join(' '), (event: Event) => {
    const field = targetOf(event);
    const type = TYPES[event.type]!;
    if (!field || !matches(field, type === 'submit' ? 'form' : FIELDS)) return;
    const form = read(field, 'form');
    const tell = (as: string, more?: object): void =>
      page.capture(as, { ...describe(field, page), form: (form && attribute(form, 'id')) || undefined, ...more });
    const more: Record<string, object> = {
      blur: { duration: now() - focusedAt },
      validation_error: { reason: reasonOf(field) },
    };
    tell(type, more[type]);
    if (type === 'focus') focusedAt = now();
    // A page that validates by itself marks the field a moment later.
    const check = (): void =>
      void (attribute(field, 'aria-invalid') === 'true' && tell('validation_error', { reason: 'ariaInvalid' }));
    if (type === 'blur') setTimeout(page.guard(check));
  });
}

/** The name of the rule that is broken. The browser's message may quote what was typed. */
function reasonOf(field: Element): string | undefined {
  const validity = read(field, 'validity');
  for (const rule in validity) if (validity[rule] === true) return rule;
  return undefined;
}
