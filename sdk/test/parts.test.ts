import { describe, expect, test, vi } from 'vitest';
import { fractionOf, uuid } from '../src/core/id';
import { tokenBucket } from '../src/core/limiter';
import { split } from '../src/replay/split';
import { maskCards, urlCleaner } from '../src/core/privacy';
import { createSessions } from '../src/core/session';
import { memoryStore, readJson, webStore } from '../src/core/storage';
import { storeSpool } from '../src/core/spool';

const HOUR = 3_600_000;

describe('ids', () => {
  test('a UUIDv7 names its time, and sorts by it', () => {
    const id = uuid(0x0192aabbccdd);
    expect(id).toMatch(/^0192aabb-ccdd-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid(1000) < uuid(2000)).toBe(true);
  });

  test('a page that has fixed `Math.random` has ids that differ', () => {
    const spy = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const ids = Array.from({ length: 1_000 }, () => uuid(5));
    spy.mockRestore();
    expect(new Set(ids).size).toBe(1_000);
  });

  test('ten thousand ids of one millisecond differ', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => uuid(5))).size).toBe(10_000);
  });

  test('the fraction of an id is the same each time, even over sessions, and other digits give another', () => {
    const ids = Array.from({ length: 4_000 }, () => uuid());
    expect(fractionOf(ids[0]!)).toBe(fractionOf(ids[0]!));
    const low = ids.filter((id) => fractionOf(id) < 0.25);
    const both = low.filter((id) => fractionOf(id.slice(0, -6)) < 0.25);
    expect(low.length).toBeGreaterThan(850);
    expect(low.length).toBeLessThan(1_150);
    expect(both.length).toBeGreaterThan(180);
    expect(both.length).toBeLessThan(320);
  });
});

describe('split', () => {
  const node = (id: number): any => ({ type: 2, id, tagName: 'p', attributes: {}, childNodes: [] });
  const add = (id: number): any => ({ parentId: 1, nextId: null, node: node(id) });

  test('a small event stays as it is', () => {
    const event = {
      type: 3,
      timestamp: 5,
      data: { source: 0, texts: [], attributes: [], removes: [], adds: [add(2)] },
    };
    expect(split(event)).toEqual([event]);
    expect(split({ type: 3, timestamp: 5, data: { source: 2, type: 2 } }).length).toBe(1);
  });

  test('of a huge change, removes go first, texts and attributes last', () => {
    const adds = Array.from({ length: 25_000 }, (_, id) => add(id));
    const parts = split({
      type: 3,
      timestamp: 5,
      data: { source: 0, texts: ['t'], attributes: ['a'], removes: ['r'], adds: [...adds] },
    });
    expect(
      parts.map(({ timestamp, data }) => [
        timestamp,
        data.removes.length,
        data.adds.length,
        data.texts.length,
        data.attributes.length,
      ]),
    ).toEqual([
      [5, 1, 10_000, 0, 0],
      [5, 0, 10_000, 0, 0],
      [5, 0, 5_000, 1, 1],
    ]);
    expect(parts.flatMap(({ data }) => data.adds)).toEqual(adds);
  });

  test('what a huge snapshot leaves out follows in the order of the document, parents first', () => {
    const root = {
      ...node(1),
      childNodes: Array.from({ length: 6_000 }, (_, i) => ({ ...node(2 + i * 2), childNodes: [node(3 + i * 2)] })),
    };
    const parts = split({ type: 2, timestamp: 5, data: { node: root, initialOffset: {} } });
    expect(parts.map(({ type }) => type)).toEqual([2, 3]);
    const ids = parts[1]!.data.adds.map((entry: any) => entry.node.id);
    expect(ids).toEqual(Array.from({ length: 2_000 }, (_, i) => 10_002 + i));
    expect(parts[1]!.data.adds[1].parentId).toBe(10_002);
  });
});

describe('token bucket', () => {
  test('gives its burst, then its rate', () => {
    const allow = tokenBucket();
    const granted = (now: number): number => Array.from({ length: 200 }, () => allow(now)).filter(Boolean).length;
    expect(granted(1_000_000)).toBe(100);
    expect(granted(1_000_500)).toBe(5);
    expect(granted(1_100_000)).toBe(100);
  });

  test('fills on when the clock is set back', () => {
    const allow = tokenBucket();
    for (let i = 0; i < 100; i++) expect(allow(1_000_000)).toBe(true);
    expect(allow(500_000)).toBe(false);
    expect(allow(500_200)).toBe(true);
  });
});

describe('privacy', () => {
  const clean = urlCleaner(['order.id']);
  test.each([
    ['https://a.b/?token=x1&page=2', 'https://a.b/?token=*&page=2'],
    ['https://a.b/?access_token=x1#id_token=y', 'https://a.b/?access_token=*#id_token=*'],
    ['https://a.b/?userPassword=x1', 'https://a.b/?userPassword=*'],
    ['https://a.b/?code=x1&promo_code=SALE', 'https://a.b/?code=*&promo_code=SALE'],
    ['https://a.b/?email=a@b.c', 'https://a.b/?email=*'],
    ['https://user:pw@a.b/path', 'https://a.b/path'],
    ['https://a.b/?order.id=7&orderxid=8', 'https://a.b/?order.id=*&orderxid=8'],
    ['/relative?api_key=1', '/relative?api_key=*'],
    ['https://a.b/@handle/x?q=laptop', 'https://a.b/@handle/x?q=laptop'],
    [
      'https://a.b/?next=https%3A%2F%2Fa.example%2F%3Ftoken%3Dabc',
      'https://a.b/?next=https%3A//a.example/%3Ftoken%3D*',
    ],
    [
      'https://a.b/?next=https%253A%252F%252Fa.example%252F%253Ftoken%253Dabc&p=2',
      'https://a.b/?next=https%253A//a.example/%253Ftoken%253D*&p=2',
    ],
    ['https://a.b/#/go?to=%2Fcb%3Fa%3D1%26code%3Dabc', 'https://a.b/#/go?to=/cb%3Fa%3D1%26code%3D*'],
    ['https://a.b/#next=%2Fcb%23access_token%3Dabc', 'https://a.b/#next=/cb%23access_token%3D*'],
    ['https://a.b/?next=%2Fcb%3Ftoken=abc', 'https://a.b/?next=/cb%3Ftoken%3D*'],
    ['https://a.b/to/https%3A%2F%2Fc.d%2F%3Fsid%3Dabc/x', 'https://a.b/to/https%3A//c.d/%3Fsid%3D*/x'],
    ['https://a.b/?next=https%3A%2F%2Fuser%3Apw%40c.d%2F', 'https://a.b/?next=https%3A//c.d/'],
    ['https://a.b/?next=%E4%%3Ftoken%3Dabc', 'https://a.b/?next=%E4%25%3Ftoken%3D*'],
    ['https://a.b/?q=caf%C3%A9%20au%20lait&r=100%25', 'https://a.b/?q=caf%C3%A9%20au%20lait&r=100%25'],
    ['https://a.b/?next=//user:pw@c.d/', 'https://a.b/?next=//c.d/'],
    [
      'https://a.b/?data=%7B%22token%22%3A%22abc%22%2C%22n%22%3A1%7D',
      'https://a.b/?data=%7B%22token%22%3A%22*%22%2C%22n%22%3A1%7D',
    ],
    ['https://a.b/p;jsessionid=abc?cvv=1&reset_key=2', 'https://a.b/p;jsessionid=*&reset_key=*'],
  ])('%s', (url, expected) => expect(clean(url)).toBe(expected));

  const SECRET_FIELDS = [
    ['a comma', '{"password":"hunter,2","a":1}', '{"password":"*","a":1}'],
    ['a brace', '{"password":"hun}ter]2","a":1}', '{"password":"*","a":1}'],
    ['an escaped quote', String.raw`{"token": "a\",\"b\\","a":1}`, '{"token":"*","a":1}'],
    ['a list', '{"emails":["a@b.c","d@e.f"],"a":1}', '{"emails":"*","a":1}'],
    ['nested values', '{"auth":{"x":[{"y":"}]"},2],"z":"q"},"a":[1]}', '{"auth":"*","a":[1]}'],
    ['a number', '{"pin":1234,"a":1}', '{"pin":"*","a":1}'],
    ['the last of a list', '[{"pin":null},{"a":"session"}]', '[{"pin":"*"},{"a":"session"}]'],
    ['two fields', '{"pin":"1,2","otp":["3,4"],"a":"b"}', '{"pin":"*","otp":"*","a":"b"}'],
    ['a text around it', 'got {"token":"a b, c"} there, it said', 'got {"token":"*"} there, it said'],
    ['an end that is missing', '{"a":1,"password":"hunter,2', '{"a":1,"password":"*"'],
    ['an end that is missing after a backslash', '{"password":"hunter,2\\', '{"password":"*"'],
    ['a list without an end', '{"emails":["a@b.c","d@e', '{"emails":"*"'],
    ['no value', '{"a":1,"password":', '{"a":1,"password":"*"'],
  ] as const;

  test.each(SECRET_FIELDS)('a secret field with %s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
    const asPart = (part: string): string => 'https://a.b/?data=' + encodeURIComponent(part) + '&p=1';
    expect(unescape(clean(asPart(text)))).toBe(unescape(asPart(expected)));
  });

  const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N';
  test.each([
    ['Authorization: Bearer abc.def', 'Authorization: *'],
    ['sent with Bearer abc.def, refused', 'sent with Bearer * refused'],
    ['Basic YWRtaW46czNjcmV0', 'Basic *'],
    ['Basic plan, Basic Membership', 'Basic plan, Basic Membership'],
    ['Cookie: a=1; b=2\n    at f (https://a.b/x.js:1:2)', 'Cookie: *\n    at f (https://a.b/x.js:1:2)'],
    ['sid=abc; theme=dark; csrf-token=x', 'sid=*; theme=dark; csrf-token=*'],
    ['no user for token=abc and password: hunter2', 'no user for token=* and password: *'],
    ["{ password: 'two words', 'secret': \"more words\", n: 1 }", "{ password: *, 'secret': *, n: 1 }"],
    [String.raw`{"query":"{ login(password:\"a, b\") { id } }"}`, String.raw`{"query":"{ login(password:*) { id } }"}`],
    [String.raw`{"body":"{\"password\":\"a,b\",\"n\":1}"}`, String.raw`{"body":"{\"password\":"*",\"n\":1}"}`],
    ['<a><password>two words</password><n>1</n></a>', '<a><password>*</password><n>1</n></a>'],
    ['<s:Password Type="x#Text">p</s:Password>', '<s:Password Type="x#Text">*</s:Password>'],
    [`signed in as ${JWT}.`, 'signed in as *'],
    // What only looks like it.
    ['at https://auth.a.b:8080/session:3:4', 'at https://auth.a.b:8080/session:3:4'],
    ['at login (AuthService.js:10:5)', 'at login (AuthService.js:10:5)'],
    ["Unexpected token '<' in JSON", "Unexpected token '<' in JSON"],
    ['failed with code: 404, state=open', 'failed with code: 404, state=open'],
    ['?author=tolkien&authors=a', '?author=tolkien&authors=a'],
    ['{"author":"Ada","co-authors":["Bob"]}', '{"author":"Ada","co-authors":["Bob"]}'],
    ['?authorId=12&author_id=12&authorItems=1', '?authorId=12&author_id=12&authorItems=1'],
    ['{"authorIds":[1]}', '{"authorIds":[1]}'],
    ['?authority=y&authKey=z&oauth=u&authorization=x', '?authority=*&authKey=*&oauth=*&authorization=*'],
    ['?isAuthorized=y&authorised=z&authorities=u', '?isAuthorized=*&authorised=*&authorities=*'],
  ])('secrets in text: %s', (text, expected) => expect(clean(text)).toBe(expected));

  test('many quotes, backslashes and blanks take no time', () => {
    const startedAt = performance.now();
    for (const part of ['\n', ' ', 'token', 'token\\', '<token', ';', '/auth']) clean(part.repeat(4_000 / part.length));
    clean('{"token":"' + '\\"'.repeat(4_000));
    clean('{"token":"' + '\\'.repeat(8_000));
    clean('{"token":' + '[{'.repeat(4_000));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('nothing is so deep in an address that it is not looked at', () => {
    let url = 'https://a.b/?token=abc';
    for (let i = 0; i < 9; i++) url = 'https://a.b/?u=' + encodeURIComponent(url);
    expect(unescape(unescape(clean(url)))).not.toContain('abc');
  });

  test.each([
    ['pay 4111 1111 1111 1111 now', 'pay * now'],
    ['4111-1111-1111-1111', '*'],
    ['378282246310005', '*'],
    ['Declined: 4111 1111 1111 1111.', 'Declined: *.'],
    ['Card 4111111111111111. Again', 'Card *. Again'],
    ['Nr.4111111111111111', 'Nr.*'],
    ['30569309025904', '*'],
    // Goods, decimals, and times: in milliseconds, and written in full.
    ['4006381333931', '4006381333931'],
    ['0.41111111111111111', '0.41111111111111111'],
    ['41111111111111.5', '41111111111111.5'],
    [
      'at https://a.b/main.1764541632123.js?v=1764541632123:1:2',
      'at https://a.b/main.1764541632123.js?v=1764541632123:1:2',
    ],
    ['at https://a.b/main.20251130231032.js:1:2', 'at https://a.b/main.20251130231032.js:1:2'],
    ['2025 4111111111111111', '2025 *'],
    ['order 123456789', 'order 123456789'],
    ['v1234567890123456x', 'v1234567890123456x'],
  ])('cards in %s', (text, expected) => expect(maskCards(text)).toBe(expected));
});

describe('storage', () => {
  test('blocked storage becomes memory', () => {
    const store = webStore(() => {
      throw new Error('SecurityError');
    });
    expect(store.set('a', '1')).toBe(true);
    expect(store.get('a')).toBe('1');
    expect(store.keys()).toEqual(['a']);
  });

  test('what a full storage does not take is remembered, and said', () => {
    const full = {
      length: 0,
      getItem: () => 'old',
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
      removeItem: () => {},
    };
    const store = webStore(() => full as unknown as Storage);
    expect(store.set('a', 'new')).toBe(false);
    expect(store.get('a')).toBe('new');
    store.set('a', null);
    expect(store.get('a')).toBe('old');
  });

  test.each([null, 'null', '{', '[', ''])('broken JSON %s reads as empty', (json) =>
    expect(readJson(json)).toEqual({}),
  );

  test('a spool gives what others have left, once', () => {
    const store = memoryStore();
    const spool = storeSpool(store, 'q_');
    spool.save('mine', 'm');
    spool.save('theirs', 't');
    spool.save('alive', 'a');
    store.set('foreign', 'f');
    const seen: string[] = [];
    const take = (content: string): boolean => {
      seen.push(content);
      return content === 't';
    };
    // node has no `navigator.locks`.
    vi.stubGlobal('navigator', {});
    spool.takeOver('mine', take);
    spool.takeOver('mine', take);
    vi.unstubAllGlobals();
    expect(seen).toEqual(['t', 'a', 'a']);
  });
});

describe('sessions', () => {
  const START = 1_700_000_000_000;

  test('tabs share one, and activity in one keeps it for all', () => {
    const store = memoryStore();
    const [one, other] = [createSessions(store, 's'), createSessions(store, 's')];
    const { id } = one.touch(START);
    expect(other.touch(START + 50 * 60_000).id).toBe(id);
    expect(one.touch(START + 100 * 60_000).id).toBe(id);
  });

  test('ends after an hour without activity, in all tabs alike', () => {
    const store = memoryStore();
    const [one, other] = [createSessions(store, 's'), createSessions(store, 's')];
    const first = one.touch(START).id;
    other.touch(START + 1);
    const next = one.touch(START + 1 + HOUR).id;
    expect(next).not.toBe(first);
    expect(other.touch(START + 2 + HOUR).id).toBe(next);
  });

  test('ends after 24 hours whatever happens', () => {
    const sessions = createSessions(memoryStore(), 's');
    const ids = new Set<string>();
    for (let at = 0; at <= 24 * HOUR; at += HOUR / 2) ids.add(sessions.touch(START + at).id);
    expect(ids.size).toBe(2);
  });

  test('is not ended by a clock that goes back a little, and is by one that goes back far', () => {
    const sessions = createSessions(memoryStore(), 's');
    const { id } = sessions.touch(START);
    expect(sessions.touch(START - 60_000).id).toBe(id);
    expect(sessions.touch(START - 3 * HOUR).id).not.toBe(id);
  });

  test('survives a store that somebody empties or breaks', () => {
    const store = memoryStore();
    const sessions = createSessions(store, 's');
    const { id } = sessions.touch(START);
    store.set('s', null);
    expect(sessions.touch(START + 1).id).toBe(id);
    store.set('s', '{broken');
    expect(sessions.touch(START + 2).id).toBe(id);
    expect(readJson<{ id: string }>(store.get('s')).id).toBe(id);
  });

  test('writes activity down at most every five seconds', () => {
    const store = memoryStore();
    const set = vi.spyOn(store, 'set');
    const sessions = createSessions(store, 's');
    for (let at = 0; at < 10_000; at += 100) sessions.touch(START + at);
    expect(set.mock.calls.length).toBe(2);
  });
});
