const SECRET =
  'token|secret|passw|pwd|passcode|auth|jwt|credential|signature|api_?key|access_?key|session|e-?mail';
const SECRET_EXACT = 'code|state|sid|sig|key|otp|pin|ssn|iban|card';
const CARD = /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])/g;

/** Makes the function that blanks secrets in a URL, or in a text that holds URLs. */
export function urlCleaner(extra: string[] = []): (text: string) => string {
  const exact = [SECRET_EXACT, ...extra.map((name) => name.replace(/\W/g, '\\$&'))].join('|');
  const parameter = new RegExp(`([?&#;](?:[^=&#;\\s]*(?:${SECRET})[^=&#;\\s]*|${exact})=)[^&#;\\s]*`, 'gi');
  return (text) =>
    text.replace(parameter, '$1*').replace(/(:\/\/)[^/?#@\s]*@/g, '$1').slice(0, 8000);
}

/** Blanks runs of digits that could be a payment card, and keeps the first `max` characters. */
export function maskCards(text: string, max?: number): string {
  return text.replace(CARD, '*').slice(0, max);
}
