// People with accounts of their own.
import assert from 'node:assert/strict';
import { ORG } from './crow.mjs';

export const PASSWORD = 'correct horse battery';

/** The place in the app that a printed link leads to. */
export function placeOf(printed) {
  const place = /#\/accept\/\S+/.exec(String(printed))?.[0];
  assert.ok(place, `no link in: ${printed}`);
  return place;
}

/** An invitation by the command line, as a place in the app. */
export const invited = (crow, email, role) =>
  placeOf(crow.run('users', 'invite', '--org', ORG, '--email', email, '--role', role));

/** Fills in the page behind the link of an invitation. */
export async function makeAccount(page, name) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make account' }).click();
  await page.locator('.shell').waitFor();
}

export async function signIn(page, email, password) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** From our sign-in page to the provider, as one of its people. */
export async function continueAs(page, name) {
  await page.getByRole('link', { name: 'Continue with Staff account' }).click();
  await page.getByRole('link', { name, exact: true }).click();
}

/** Somebody with an account of their own, signed in. */
export async function person({ crow, open }, name, role) {
  const email = `${name.toLowerCase()}-${Date.now()}@shop.example`;
  const visit = await open(invited(crow, email, role), { key: '' });
  await makeAccount(visit.page, name);
  return { ...visit, email };
}
