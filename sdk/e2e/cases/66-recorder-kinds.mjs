// What pages do that is hard to record: each case failed once.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { DEADLINE_MS, until } from '../../../tools/e2e/wait.mjs';
import { all, recorded, sameInReplay } from '../lib/cases.mjs';

const NAMES =
  'attributes matches tagName nodeType localName nextSibling id children parentNode childNodes firstChild shadowRoot getAttribute textContent isConnected ownerDocument baseURI scrollTop getRootNode closest style';
const color = (document) => [...document.querySelectorAll('.t')].map((element) => getComputedStyle(element).color);
const tree = (document) => writeDown(document.body);

/** A server of another origin, that lets everybody read its sheets. */
async function startOther(files) {
  const server = createServer((incoming, outgoing) => {
    outgoing.writeHead(200, { 'Content-Type': 'text/css', 'Access-Control-Allow-Origin': '*' });
    outgoing.end(files[incoming.url] ?? '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://localhost:${server.address().port}`,
    stop: () => (server.closeAllConnections(), server.close()),
  };
}

/** Has signs for code points of private use only. */
const FONT = Buffer.from(
  'd09GMgABAAAAAAD0AAoAAAAAAkgAAACrAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAABmAAQAoUNAE2AiQDBgsGAAQgBTwHIBuvASAeBznZqXkTGjkh3YoP0yL+6TDn7d8rLaVqAEu1K0ZhDFlEzwLUbHuD5wtSSln2gw6OB0cOJYeA5BhhoBEfPIaHkpudvlR22UQXtqc5GsP7+Me7OQDgDkRZYm0DngHFEf8DcYrTMeIMZwjXQEdQiMAOQiXXAgjC10d06s+87OD7/vbTXIigNBDO1B22IpK5A0FTAhoAALpXARG7iJK+EE0TbfQDB9UsAAAAAA==',
  'base64',
);

export const cases = {
  async 'elements that are called like properties of the DOM'(world) {
    const fields = NAMES.split(' ')
      .map((name) => `<input name="${name}">`)
      .join('');
    await all(world, {
      form: {
        html: `<form id="f" class="c">${fields}<b>in it</b></form><form name="title"></form><img name="compatMode"><img name="readyState"><img name="createTextNode"><p class="t">after</p>`,
        ask: tree,
      },
      'added later': {
        html: '<main></main>',
        act: `(${((names) => {
          document.querySelector('main').innerHTML =
            '<form>' + names.map((name) => `<input name="${name}">`).join('') + '<i>x</i></form>';
          document.querySelector('i').after('tail');
        }).toString()})(${JSON.stringify(NAMES.split(' '))})`,
        ask: tree,
      },
    });
  },

  async 'pages that change what the browser has built in'(world) {
    const own = (field) => {
      let value = field.value;
      const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
      Object.defineProperty(field, 'value', {
        configurable: true,
        get: () => value,
        set(next) {
          value = next;
          set.call(this, next);
        },
      });
      return get;
    };
    await all(world, {
      'Prototype.js': {
        before: `<script>
          Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };
          Array.from = (list) => (list ? [].slice.call(list) : []);
          Function.prototype.bind = function (self) { const run = this; return function () { return run.apply(self, arguments); }; };
          Element.prototype.matches = () => { throw new Error('not yours'); };
          Element.prototype.closest = () => null;
          Node.prototype.contains = () => false;
        </script><style id="s"></style>`,
        html: '<p class="t">text</p>',
        act: () => {
          document.getElementById('s').sheet.insertRule('.t { color: rgb(1, 2, 3) }');
          document.body.append('more');
        },
        ask: (document) => [writeDown(document.body), getComputedStyle(document.querySelector('.t')).color],
      },
      'a wrapped MutationObserver and timers that run in a zone': {
        before: `<script>
          const Native = MutationObserver;
          window.MutationObserver = class { constructor(run) { this.inner = new Native(() => run([])); } observe(...a) { this.inner.observe(...a); } disconnect() { this.inner.disconnect(); } takeRecords() { return []; } };
          window.setTimeout = () => 0;
          Date.now = () => 5;
        </script>`,
        html: '<main></main>',
        act: () => document.querySelector('main').append('seen'),
        ask: tree,
      },
      'properties of nodes that give nothing, and a Document of its own': {
        before: `<script>
          for (const name of ['firstChild', 'nextSibling', 'parentNode']) Object.defineProperty(Node.prototype, name, { configurable: true, get: () => null });
          Object.defineProperty(Element.prototype, 'attributes', { get: () => [] });
          window.Document = function () {};
        </script>`,
        html: '<main title="t"><b>in it</b></main>',
        act: () => document.querySelector('main').append('seen'),
        ask: (document) => document.querySelector('main').outerHTML,
        expected: '<main title="t"><b>in it</b>seen</main>',
      },
      'a property over value that was there before': {
        html: `<input id="i"><script>(${own})(document.getElementById('i'))</script>`,
        options: { unmaskInputs: 'input' },
        act: () => {
          const field = document.getElementById('i');
          field.value = 'typed';
          setTimeout(() => (field.value = ''), 100);
          return new Promise((done) => setTimeout(done, 200));
        },
        ask: (document) =>
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').get.call(document.getElementById('i')),
        expected: '',
      },
    });
  },

  async 'sheets that come late, change, or go'(world) {
    Object.assign(world.site.pages, {
      '/late.css': '.t { color: rgb(1, 0, 0) }',
      '/other.css': '.t { color: rgb(2, 0, 0) }',
      '/import.css': '@import url("late.css") screen; @import "other.css" layer(low); .t { top: 1px }',
      '/source.css': '#x { border: 3px solid var(--c); border-left-width: 5px }',
    });
    const link = '<link id="l" rel="stylesheet" href="/late.css">';
    const html = '<p class="t">t</p><p id="x" style="--c: rgb(9, 9, 9)">x</p>';
    const wait = () => new Promise((done) => (document.getElementById('l').onload = done));
    await all(world, {
      appended: {
        html,
        act: () =>
          document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/late.css' })),
        ask: color,
        expected: ['rgb(1, 0, 0)'],
      },
      'another address': {
        html,
        before: link,
        act: `document.getElementById('l').href = '/other.css'; (${wait})()`,
        ask: color,
        expected: ['rgb(2, 0, 0)'],
      },
      'made a sheet when it is there': {
        html,
        before: '<link id="l" rel="preload" as="style" href="/late.css">',
        act: () => (document.getElementById('l').rel = 'stylesheet'),
        ask: color,
        expected: ['rgb(1, 0, 0)'],
      },
      'for another medium': {
        html,
        before: link.replace(' rel', ' media="print" rel'),
        act: () => (document.getElementById('l').media = 'all'),
        ask: color,
        expected: ['rgb(1, 0, 0)'],
      },
      'switched off': {
        html,
        before: link,
        act: () => (document.getElementById('l').disabled = true),
        ask: color,
        expected: ['rgb(0, 0, 0)'],
      },
      'switched off while it loads, then on': {
        html,
        before: link,
        act: async () => {
          const element = document.getElementById('l');
          const loaded = new Promise((done) => (element.onload = done));
          element.href = '/other.css';
          await new Promise((done) => setTimeout(done));
          element.disabled = true;
          await Promise.race([loaded, new Promise((done) => setTimeout(done, 500))]);
          await new Promise((done) => setTimeout(done, 100));
          element.disabled = false;
        },
        ask: color,
      },
      'no sheet any more': {
        html,
        before: link,
        act: () => (document.getElementById('l').rel = 'x'),
        ask: color,
        expected: ['rgb(0, 0, 0)'],
      },
      imports: { html, before: '<link rel="stylesheet" href="/import.css">', ask: color, expected: ['rgb(1, 0, 0)'] },
      'imports of a style': {
        html,
        act: () =>
          document.head.append(
            Object.assign(document.createElement('style'), { textContent: '@import "/late.css"; .t { top: 0 }' }),
          ),
        ask: color,
        expected: ['rgb(1, 0, 0)'],
      },
      'rules that do not survive being written': {
        html,
        before: '<link rel="stylesheet" href="/source.css">',
        ask: (document) =>
          ['border-top-width', 'border-left-width', 'border-top-color'].map((name) =>
            getComputedStyle(document.getElementById('x')).getPropertyValue(name),
          ),
        expected: ['3px', '5px', 'rgb(9, 9, 9)'],
      },
    });
    const other = await startOther({
      '/cdn.css': '@import "inner.css"; .t { top: 1px }',
      '/inner.css': '.t { color: rgb(3, 0, 0) }',
    });
    try {
      await all(world, {
        'of another origin': {
          html,
          before: `<link rel="stylesheet" href="${other.origin}/cdn.css">`,
          ask: color,
          expected: ['rgb(3, 0, 0)'],
        },
      });
    } finally {
      other.stop();
    }
  },

  async 'rules that programs make'(world) {
    const html = '<p class="t">t</p><div id="host"></div>';
    const changed = Object.fromEntries(
      Object.entries({
        'the medium of a group': [
          '@media print { .t { color: rgb(1, 1, 6) } }',
          (sheet) => (sheet.cssRules[0].media.mediaText = 'screen'),
        ],
        'a medium more': [
          '@media print { .t { color: rgb(1, 1, 6) } }',
          (sheet) => sheet.cssRules[0].media.appendMedium('screen'),
        ],
        'a step of an animation': [
          '@keyframes k { from { color: red } } .t { animation: k 9s both paused }',
          (sheet) => (sheet.cssRules[0].cssRules[0].style.color = 'rgb(1, 1, 6)'),
        ],
        'a selector': ['.x { color: rgb(1, 1, 6) }', (sheet) => (sheet.cssRules[0].selectorText = '.t')],
      }).map(([name, [css, change]]) => [
        name,
        {
          html,
          before: `<style>${css}</style>`,
          act: `(${change})(document.querySelector('style').sheet)`,
          ask: color,
          expected: ['rgb(1, 1, 6)'],
        },
      ]),
    );
    await all(world, {
      'before the recording, in a style with text': {
        html,
        before:
          '<style>.u { top: 0 }</style><script>document.querySelector("style").sheet.insertRule(".t { color: rgb(1, 1, 1) }", 1)</script>',
        ask: color,
        expected: ['rgb(1, 1, 1)'],
      },
      'deleted before the recording': {
        html,
        before:
          '<style>.t { color: red } .u { top: 0 }</style><script>document.querySelector("style").sheet.deleteRule(0)</script>',
        ask: color,
        expected: ['rgb(0, 0, 0)'],
      },
      pushed: {
        html,
        act: () => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('.t { color: rgb(1, 1, 2) }');
          document.adoptedStyleSheets.push(sheet);
        },
        ask: color,
        expected: ['rgb(1, 1, 2)'],
      },
      'pushed, then changed': {
        html,
        act: () => {
          const sheet = new CSSStyleSheet();
          document.adoptedStyleSheets.push(sheet);
          setTimeout(() => sheet.replaceSync('.t { color: rgb(1, 1, 3) }'), 100);
          return new Promise((done) => setTimeout(done, 300));
        },
        ask: color,
        expected: ['rgb(1, 1, 3)'],
      },
      'pushed in a shadow root': {
        html,
        act: () => {
          const root = document.getElementById('host').attachShadow({ mode: 'open' });
          root.innerHTML = '<p class="s">s</p>';
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('.s { color: rgb(1, 1, 4) }');
          root.adoptedStyleSheets.push(sheet);
        },
        ask: (document) => getComputedStyle(document.getElementById('host').shadowRoot.querySelector('.s')).color,
        expected: 'rgb(1, 1, 4)',
      },
      'by hand': {
        html,
        before: '<style>.t { top: 0 }</style>',
        act: () => {
          document.querySelector('style').sheet.cssRules[0].style.color = 'rgb(1, 1, 5)';
        },
        ask: color,
        expected: ['rgb(1, 1, 5)'],
      },
      ...changed,
      'switched off': {
        html,
        before: '<style>.t { color: red }</style>',
        act: () => {
          document.querySelector('style').sheet.disabled = true;
          return new Promise((done) => setTimeout(done, 100));
        },
        ask: (document, events) =>
          !events || events.some(({ data }) => data.attributes?.some(({ attributes }) => attributes.rr_disabled)),
        expected: true,
      },
    });
  },

  async 'addresses in sheets are whole, and a rule in a rule is told once'(world) {
    world.site.pages['/deep/a.css'] = '.a { background: url(a.png) } .b { background: url("b\\"q.png") }';
    const { page } = await recorded(world, {
      html: '<p>p</p>',
      before: '<link rel="stylesheet" href="/deep/a.css"><style>@media screen { .x { top: 0 } } .r { top: 0 }</style>',
    });
    await page.evaluate(() => {
      const { sheet } = document.querySelector('style');
      sheet.insertRule('.c { background: URL( c.png ) }', 2);
      sheet.cssRules[1].insertRule('& .n { background: url(n.png); content: "url(text.png)" }');
      const made = new CSSStyleSheet();
      made.replaceSync('.d { background: image-set("d.png" 1x) } /* url(comment.png) */');
      document.adoptedStyleSheets = [made];
    });
    const all = JSON.stringify(await page.evaluate(() => events));
    const { origin } = world.site;
    for (const path of ['/deep/a.png', '/deep/b%22q.png', '/c.png', '/n.png', '/d.png'])
      assert.ok(all.includes(origin + path), path);
    assert.ok(all.includes('url(text.png)'), 'a string is no address');
    assert.equal(all.split('/n.png').length, 2, 'told once');
  },

  async 'what is in fields, without an event'(world) {
    const options = { unmaskInputs: 'input,textarea,select' };
    const html = `<form><input id="a" value="one"><textarea id="b">one</textarea><input id="c" type="checkbox"><select id="d"><option>1</option><option id="o">2</option></select>
      <input type="radio" name="r" id="r1" checked><input type="radio" name="r" id="r2"><input type="range" id="g" value="20"><input type="reset"></form>`;
    const ask = (document) =>
      [...document.querySelectorAll('input,textarea,select')].map((field) =>
        /radio|checkbox/.test(field.type) ? String(field.checked) : field.value,
      );
    const typing = () => {
      for (const id of ['a', 'b']) {
        const field = document.getElementById(id);
        field.value = 'typed';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      document.getElementById('c').click();
      document.getElementById('r2').click();
    };
    await all(world, {
      reset: {
        html,
        options,
        act: `(${typing})(); new Promise((done) => setTimeout(() => { document.querySelector('form').reset(); done(); }, 100))`,
        ask,
      },
      'reset by the person': {
        html,
        options,
        act: `(${typing})(); new Promise((done) => setTimeout(() => { document.querySelector('[type=reset]').click(); done(); }, 100))`,
        ask,
      },
      'a chosen option': {
        html,
        options,
        act: () => {
          document.getElementById('o').selected = true;
        },
        ask,
      },
      'an option that comes as the chosen one, and another that is chosen': {
        html,
        options,
        ask,
        act: async () => {
          const select = document.getElementById('d');
          select.add(new Option('3', '3', true, true));
          await null;
          select.value = '1';
        },
      },
      'the chosen option goes and comes back': {
        html,
        options,
        ask,
        act: async () => {
          const [option] = document.getElementById('d').options;
          option.remove();
          await null;
          document.getElementById('d').prepend(option);
          await null;
          option.selected = true;
        },
      },
      'a group of options that comes with a chosen one': {
        html,
        options,
        ask,
        act: async () => {
          const select = document.getElementById('d');
          const group = document.createElement('optgroup');
          group.append(new Option('3', '3', true, true));
          select.append(group);
          await null;
          select.value = '1';
        },
      },
      'no option is chosen from the start': {
        html: html + '<script>document.getElementById("d").selectedIndex = -1</script>',
        options,
        ask,
      },
      'no option of a new select is chosen': {
        html,
        options,
        ask,
        act: () => {
          const select = document.createElement('select');
          select.append(new Option('1'));
          select.selectedIndex = -1;
          document.body.append(select);
        },
      },
      'the text of a textarea': {
        html,
        options,
        act: () => {
          document.getElementById('b').textContent = 'two';
        },
        ask,
      },
      'a radio button': {
        html,
        options,
        act: () => {
          document.getElementById('r2').checked = true;
        },
        ask,
      },
      'steps and ranges of text': {
        html,
        options,
        act: () => {
          document.getElementById('g').stepUp(7);
          document.getElementById('a').setRangeText('xy', 0, 1);
        },
        ask,
      },
      'several chosen options': {
        html: '<select multiple><option value="1">1<option value="2" selected>2<option value="3" selected>3</select>',
        options,
        act: async () => {
          const { options } = document.querySelector('select');
          await new Promise((done) => setTimeout(done, 100));
          options[0].selected = true;
          options[1].selected = false;
          options.add(new Option('4', '4', false, true));
        },
        ask: (document) => [...document.querySelectorAll('option')].map(({ selected }) => selected),
        expected: [true, false, true, true],
      },
      'open details': {
        html: '<details><summary>s</summary>d</details>',
        act: () => {
          document.querySelector('details').open = true;
        },
        ask: (document) => document.querySelector('details').open,
        expected: true,
      },
    });
  },

  async 'what stays in a shadow root, a frame, or the top layer'(world) {
    const html = '<div id="host"></div><dialog>d</dialog><div id="p" popover>p</div><main></main>';
    await all(world, {
      scrolling: {
        html,
        act: () => {
          const root = document.getElementById('host').attachShadow({ mode: 'open' });
          root.innerHTML = '<div id="s" style="height: 100px; overflow: auto"><p style="height: 3000px">p</p></div>';
          return new Promise((done) =>
            setTimeout(() => {
              root.getElementById('s').scrollTop = 777;
              done();
            }, 100),
          );
        },
        ask: (document) => document.getElementById('host').shadowRoot.getElementById('s').scrollTop,
        expected: 777,
      },
      'a change in a root': {
        html,
        options: { unmaskInputs: 'input' },
        act: () => {
          const root = document.getElementById('host').attachShadow({ mode: 'open' });
          root.innerHTML = '<input type="checkbox">';
          return new Promise((done) =>
            setTimeout(() => {
              root.firstChild.click();
              done();
            }, 100),
          );
        },
        ask: (document) => document.getElementById('host').shadowRoot.querySelector('input').checked,
        expected: true,
      },
      'a page that is written again, in parts': {
        html,
        act: async () => {
          document.open();
          document.write('<p>one');
          await new Promise((done) => setTimeout(done, 50));
          document.write(' two</p>');
          document.close();
          await new Promise((done) => setTimeout(done, 50));
          document.body.append('three');
        },
        ask: (document) => document.body?.innerText.replace(/\s+/g, ' '),
        expected: 'one two three',
      },
      'a document that is written anew': {
        html,
        act: () => {
          const frame = document.createElement('iframe');
          document.querySelector('main').append(frame);
          const inner = frame.contentDocument;
          inner.open();
          inner.write('<body><p>written</p></body>');
          inner.close();
        },
        ask: (document) => document.querySelector('iframe').contentDocument.body?.textContent,
        expected: 'written',
      },
      'a modal dialog': {
        html,
        act: () => document.querySelector('dialog').showModal(),
        ask: (document) => document.querySelector('dialog').matches(':modal'),
        expected: true,
      },
      'shown, closed, and shown as modal': {
        html,
        act: () => {
          const dialog = document.querySelector('dialog');
          dialog.show();
          setTimeout(() => {
            dialog.close();
            dialog.showModal();
          }, 50);
          return new Promise((done) => setTimeout(done, 150));
        },
        ask: (document) => document.querySelector('dialog').matches(':modal'),
        expected: true,
      },
      'a popover': {
        html,
        act: () => document.getElementById('p').showPopover(),
        ask: (document, events) =>
          !events ||
          events.some(({ data }) => data.attributes?.some(({ attributes }) => attributes.rr_open_mode === 'popover')),
        expected: true,
      },
    });
  },

  async 'a throttle sends the last value of everything'(world) {
    await all(world, {
      attributes: {
        html: '<p id="b">b</p>',
        act: async () => {
          const box = document.getElementById('b');
          for (let i = 0; i < 300; i++) {
            box.style.width = i + 'px';
            await null;
          }
          box.style.width = '400px';
          box.className = 'last';
          box.dataset.state = 'done';
        },
        ask: (document) => {
          const box = document.getElementById('b');
          return [box.style.width, box.className, box.dataset.state];
        },
        expected: ['400px', 'last', 'done'],
      },
    });
    const { page } = await recorded(world, { html: '<p>p</p>' });
    await page.mouse.move(10, 10);
    await page.mouse.move(300, 200);
    await page.mouse.move(333, 222);
    await page.waitForFunction(() => events.some(({ data }) => data.positions?.some(({ x }) => x === 333)), undefined, {
      timeout: DEADLINE_MS,
    });
  },

  async 'what was hidden once stays hidden'(world) {
    const { page } = await recorded(world, {
      html: `<input id="k" type="password" name="login_k"><p id="e" contenteditable="plaintext-only">x</p><my-field><input id="m"></my-field><div id="w"><textarea id="t"></textarea></div>
        <div id="live" title="t">before</div><p id="p" data-crow-mask><b id="out">SECRET-a</b></p><div data-crow-block><i id="boxed">SECRET-b</i></div>`,
      options: { unmaskInputs: '#k' },
    });
    await page.fill('#k', 'SECRET-c');
    await page.evaluate(async () => {
      const byId = (id) => document.getElementById(id);
      byId('k').type = 'text';
      await null;
      byId('k').outerHTML = '<input id="k" type="text" name="login_k">';
      for (const id of ['m', 't'])
        byId(id).addEventListener('input', ({ target }) => {
          target.parentNode.setAttribute(id === 'm' ? 'value' : 'data-text', target.value);
          target.parentNode.title = target.value;
        });
      byId('live').setAttribute('data-crow-block', '');
      await null;
      byId('live').append('SECRET-d');
      byId('live').title = 'SECRET-e';
      byId('p').removeAttribute('data-crow-mask');
      byId('out').firstChild.data = 'SECRET-f';
      await null;
      document.body.append(byId('out'), byId('boxed'));
      await null;
      byId('out').firstChild.data = 'SECRET-g';
      byId('boxed').append('SECRET-h');
    });
    await page.fill('#k', 'SECRET-i');
    await page.click('#e');
    await page.keyboard.type('SECRET-j');
    await page.click('#m');
    await page.keyboard.type('SECRET-k');
    await page.click('#t');
    await page.keyboard.type('SECRET-l');
    await page.evaluate(() => recording.snapshot());
    const { text, errors } = await page.evaluate(() => ({ text: JSON.stringify(events), errors }));
    assert.deepEqual(errors, []);
    assert.deepEqual(text.match(/SECRET-?[a-z]?|"(S|SE|SEC|SECR|SECRE)"/g), null);
    assert.match(text, /before/, 'what was there before it was hidden was recorded');
  },

  async 'what is shown of a sheet that the page cannot read is reported, and nothing else of it'(world) {
    const faces = ['Used', 'Other']
      .map(
        (name) => `@font-face { font-family: "${name}"; font-weight: normal; src: url(${name}.woff2) format("woff2") }`,
      )
      .join('');
    const rules = ['.de', '.fr::before', '.it', '.late:hover', '.pl > i']
      .map((selector, i) => `${selector} { content: ""; background: url(${i}.png) }`)
      .join('');
    const other = await startOther({
      '/a.css': `${faces} @media all { ${rules} } p { font-family: Used }`,
      '/Used.woff2': FONT,
      '/Other.woff2': FONT,
    });
    try {
      const { context, page } = await recorded(world, {
        before: `<link rel="stylesheet" href="${other.origin}/a.css">`,
        html: '<p class="de">\ue000</p><b class="fr">x</b><i class="pl">x</i>',
      });
      await page.evaluate(() => {
        recording.stop();
        window.shown = [];
        window.recording = CROWReplay.record({
          emit: () => {},
          onAsset: (url) => shown.push(new URL(url).pathname),
          late: () => import('/sdk/crow-late.js').then(() => CROWReplay.late),
        });
      });
      const reported = async (paths) => {
        const list = async () => [...new Set(await page.evaluate(() => shown))].sort();
        await until(
          async () => (await list()).join() === paths.join(),
          async () =>
            JSON.stringify([
              await list(),
              await page.evaluate(() => [...document.fonts].map(({ family, status }) => family + status)),
            ]),
        );
      };
      await reported(['/0.png', '/1.png', '/Used.woff2']);
      await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p class="it">x</p>'));
      await reported(['/0.png', '/1.png', '/2.png', '/Used.woff2']);
      await context.close();
    } finally {
      other.stop();
    }
  },
};
