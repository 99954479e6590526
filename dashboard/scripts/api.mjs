// Types from a running server's OpenAPI document: `CROW_URL=http://127.0.0.1:7071 npm run api`.
import { writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const server = process.env.CROW_URL ?? 'http://127.0.0.1:7071';
const document = await fetch(`${server}/openapi.json`).then((answer) => answer.json());
const types = astToString(await openapiTS(document));
writeFileSync(new URL('../src/api/schema.d.ts', import.meta.url), `// Made by \`npm run api\` from the server's OpenAPI document; do not edit.\n${types}`);
console.log(`src/api/schema.d.ts: ${Object.keys(document.paths).length} paths`);
