import { describe, FIELDS, targetOf } from './element';
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
    const field = targetOf(event) as HTMLInputElement | undefined;
    const type = TYPES[event.type]!;
    if (!field?.matches(type === 'submit' ? 'form' : FIELDS)) return;
    const tell = (as: string, more?: object): void =>
      page.capture(as, { ...describe(field, page), form: field.form?.id || undefined, ...more });
    const more: Record<string, object> = { blur: { duration: Date.now() - focusedAt }, validation_error: { reason: reasonOf(field) } };
    tell(type, more[type]);
    if (type === 'focus') focusedAt = Date.now();
    // A page that validates by itself marks the field a moment later.
    if (type === 'blur') setTimeout(() => field.ariaInvalid === 'true' && tell('validation_error', { reason: 'ariaInvalid' }));
  });
}

/** The name of the rule that is broken. The browser's message may quote what was typed. */
function reasonOf({ validity }: HTMLInputElement): string | undefined {
  for (const rule in validity) if (validity[rule as keyof ValidityState]) return rule;
  return undefined;
}
