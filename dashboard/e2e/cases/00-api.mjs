import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { FILE, typesOf } from '../../../tools/api-types/types.mjs';

export const cases = {
  async 'the page was compiled for what the server answers'({ crow }) {
    const isSame = readFileSync(FILE, 'utf8') === (await typesOf(crow.page));
    assert.ok(isSame, 'src/api/schema.d.ts is out of date: CROW_URL=… npm run api');
  },
};
