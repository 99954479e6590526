// The dashboard's types, from a running server's OpenAPI document: `CROW_URL=http://127.0.0.1:7071 npm run api` in `dashboard`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

export const FILE = fileURLToPath(new URL('../../dashboard/src/api/schema.d.ts', import.meta.url));

/** The text of the types of what this server answers. */
export async function typesOf(server) {
  const document = await fetch(`${server}/openapi.json`).then((answer) => answer.json());
  return `// Made by \`npm run api\` from the server's OpenAPI document; do not edit.\n${astToString(await openapiTS(document))}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(FILE, await typesOf(process.env.CROW_URL ?? 'http://127.0.0.1:7071'));
  console.log(`wrote ${FILE}`);
}
