// Secrets in every place that must stay hidden: nothing of them leaves the page, nor is stored.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../tools/e2e/wait.mjs';
import { storedReplay } from '../lib/replay.mjs';

/** Each secret is called `zq…qz`. What is masked, blocked, or was so once; what was typed, and where a page repeats it; parts of addresses. */
const PAGE = `<!doctype html><html><head><title>Case</title><script src="/boot.js"></script><script src="/sdk/crow.js"></script><script src="/sdk/crow-replay.js"></script>
<script>window.crow = CROWTracker({ ...window.__settings.options, allowBots: true, replay: { load: async () => CROWReplay, options: { unmaskInputs: '.open', canvas: true } } });</script>
<style>[data-tip]::after{content:attr(data-tip)}</style></head><body>
<input id=a1 type=password value=zq1qz><input id=a2 class=open type=password><input id=a3 type=hidden value=zq3qz>
<p id=b1 data-crow-mask title=zq4qz aria-label=zq5qz>zq6qz <button id=bb title=zq7qz>zq8qz</button><img alt=zq9qz src="/x.png"></p>
<div id=c1 data-crow-block title=zq11qz class=k><p id=cp>zq12qz</p><input class=open value=zq13qz><canvas id=cc width=50 height=50></canvas><img src="/img.png?zq14qz"><iframe srcdoc="<p>zq15qz</p><img src=/img.png?zq16qz>"></iframe><button id=cb>zq17qz</button><style>.x{background:url(/b.png?zq18qz)}</style></div>
<iframe data-crow-mask id=fm srcdoc="<p title=zq19qz>zq20qz</p><input class=open value=zq21qz>"></iframe>
<select id=s1 data-crow-mask class=open><optgroup label=zq22qz><option value=zq23qz label=zq24qz>zq25qz</option><option value=zq26qz selected>zq27qz</option></optgroup></select>
<select id=s2><option value=1>x<option value=2>y</select>
<input id=p1 placeholder="name"><input id=cn class=open autocomplete=cc-number><input id=otp class=open name=otp>
<textarea id=t1></textarea><div id=m1></div><div id=m2 data-tip=""></div><x-field id=xf></x-field><span id=m3></span><input id=m4 class=open><button id=m5>b</button>
<div id=ed contenteditable>zq30qz</div><div id=ed2 contenteditable=plaintext-only></div>
<p id=hs hidden data-crow-mask>zq31qz</p><p id=tm>nothing to hide</p><div id=moveto></div>
<a id=l1 href="/go?token=zq32qz&next=https%3A%2F%2Fu:zq33qz%40a.b%2F%3Fcode%3Dzq34qz#access_token=zq35qz">link</a>
<form id=fo action="/submit;jsessionid=zq36qz"><input name=q class=open><button id=sub>Go</button></form>
<div id=sh></div><object data="/o?token=zq37qz"></object><svg><title data-crow-mask>zq38qz</title><text data-crow-mask>zq39qz</text></svg>
<datalist id=dl data-crow-mask><option value=zq40qz>zq41qz</datalist><label id=lb data-crow-mask>zq42qz <input id=lbi class=open></label>
<details data-crow-mask><summary id=su>zq43qz</summary>zq44qz</details><output id=ou data-crow-mask>zq45qz</output><img id=im data-crow-mask src="/pic.png" alt=zq47qz>
<div style="background:url(/bg.png)" data-crow-mask id=bgm>x</div><noscript>x</noscript><template id=tp data-crow-mask><p>zq49qz</p></template>
<video data-crow-block poster="/po.png?zq50qz"></video><meter data-crow-mask title=zq51qz></meter>
</body></html>`;

async function act() {
  const $ = (name) => document.getElementById(name);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  // What repeats typed text.
  const typed = $('t1').value;
  $('m1').textContent = typed;
  $('m2').dataset.tip = typed;
  $('xf').setAttribute('value', typed);
  $('m3').title = typed;
  $('m3').setAttribute('aria-label', 'You wrote: ' + typed);
  $('m4').value = typed;
  $('m5').textContent = typed;
  $('m5').value = typed;
  document.title = typed;
  $('l1').setAttribute('data-copy', typed);
  $('p1').placeholder = typed;
  document.documentElement.style.setProperty('--typed', '"' + typed + '"');
  $('tm').setAttribute('content', typed);
  $('tm').setAttribute('data-json', JSON.stringify({ v: typed }));
  await wait(100);
  // A password that becomes text, is copied and moved.
  $('a2').type = 'text';
  await wait(30);
  $('a2').value = 'zq70qz';
  $('a2').dispatchEvent(new Event('input', { bubbles: true }));
  const c = $('a2').cloneNode();
  c.value = 'zq71qz';
  document.body.append(c);
  const f = document.createElement('iframe');
  document.body.append(f);
  await wait(50);
  f.contentDocument.body.append(f.contentDocument.adoptNode(c));
  c.value = 'zq72qz';
  c.dispatchEvent(new Event('input', { bubbles: true }));
  await wait(30);
  $('a2').name = 'other';
  $('a2').removeAttribute('type');
  $('a2').value = 'zq73qz';
  await wait(30);
  // Masked, then not any more.
  $('b1').removeAttribute('data-crow-mask');
  await wait(30);
  $('b1').firstChild.data = 'zq74qz';
  $('bb').textContent = 'zq75qz';
  $('b1').title = 'zq76qz';
  const nw = document.createElement('i');
  nw.textContent = 'zq77qz';
  $('b1').append(nw);
  document.body.append($('bb'));
  $('bb').textContent = 'zq78qz';
  $('hs').hidden = false;
  $('hs').removeAttribute('data-crow-mask');
  await wait(30);
  $('hs').textContent = 'zq79qz';
  // Blocked, then not any more.
  $('c1').removeAttribute('data-crow-block');
  await wait(30);
  $('cp').textContent = 'zq80qz';
  $('moveto').append($('cp'));
  const g = $('cc').getContext('2d');
  g.fillRect(0, 0, 9, 9);
  await wait(30);
  $('moveto').append($('cc'));
  // Masked later, with all that comes into it.
  $('tm').setAttribute('data-crow-mask', '');
  await wait(30);
  $('tm').textContent = 'zq81qz';
  $('tm').setAttribute('aria-description', 'zq82qz');
  $('tm').title = 'zq83qz';
  $('tm').className = 'k';
  $('tm').innerHTML = '<b title=zq84qz>zq85qz</b><input class=open value=zq86qz><textarea class=open>zq87qz</textarea>';
  // Put into something masked.
  const w = document.createElement('div');
  w.dataset.crowMask = '';
  $('m1').before(w);
  w.append($('m1'));
  $('m1').textContent = 'zq88qz';
  // In a shadow root.
  const r = $('sh').attachShadow({ mode: 'open' });
  r.innerHTML = '<p data-crow-mask>zq89qz</p><input type=password value=zq90qz><slot></slot>';
  $('sh').setAttribute('data-crow-mask', '');
  $('sh').append('zq91qz');
  r.append('zq92qz');
  // In a masked frame.
  $('fm').contentDocument.body.append('zq93qz');
  // Which option is chosen, and addresses.
  $('s1').selectedIndex = 0;
  $('s2').selectedIndex = 1;
  $('s1').add(new Option('zq94qz', 'zq95qz', false, true));
  history.pushState({}, '', '/p?token=zq96qz#id_token=zq97qz');
  await wait(50);
  history.replaceState({}, '', '/q;jsessionid=zq98qz?u=' + encodeURIComponent('/z?code=zq99qz'));
  $('cn').value = '4111 1111 1111 1111';
  $('cn').dispatchEvent(new Event('input', { bubbles: true }));
  $('bgm').style.backgroundImage = 'url(/bg2.png)';
  $('im').src = '/pic2.png';
  crow.track('x', {});
  setTimeout(() => {
    throw new Error('failed at https://a.b/?token=zq102qz');
  });
  // In text: what was typed, headers, cookies and pairs, on the console and in errors.
  setTimeout(() => {
    console.error('Authorization: Bearer zq112qz', 'sid=zq113qz; theme=zq114qz', [['X-Token', 'zq115qz']]);
    throw new Error(`unknown user ${typed}, password: zq116qz`);
  });
  await wait(50);
  $('ed').innerHTML = '<b>zq104qz</b>';
  $('ed').removeAttribute('contenteditable');
  await wait(30);
  $('ed').append('zq105qz');
  $('ou').value = 'zq106qz';
  $('su').textContent = 'zq107qz';
  $('lbi').value = 'zq108qz';
  $('lbi').dispatchEvent(new Event('input', { bubbles: true }));
  $('tp').content.firstChild.textContent = 'zq109qz';
  $('dl').append(new Option('zq110qz', 'zq111qz'));
  const s = document.createElement('style');
  s.textContent = '.z{color:red}';
  $('tm').append(s);
}

/** All bytes that the server has written. */
function written(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1')).join('\n');
}

export const cases = {
  async 'no secret leaves the page, in whatever place it is'(world) {
    world.site.pages['/secret.html'] = PAGE;
    const page = await (await world.newContext()).newPage();
    await page.goto(world.site.origin + '/secret.html?token=zq60qz&next=%2Fx%3Fpassword%3Dzq61qz#access_token=zq62qz');
    // The recorder is there, and has told the page.
    await until(() => world.proxy.posts().some(({ text }) => text.includes('"replay":')));
    for (const [field, text] of Object.entries({
      a2: 'zq63qz',
      t1: 'zq64qz longer words',
      ed: 'zq65qz',
      ed2: 'zq66qz',
      otp: 'zq67qz',
      p1: 'zq68qz',
    })) {
      await page.focus('#' + field);
      await page.keyboard.type(text);
    }
    await page.evaluate(act);
    await page.evaluate(
      (ids) => {
        for (const id of ids)
          document.getElementById(id).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
        document.body.append('THE END');
        crow.track('end');
      },
      ['bb', 'm5', 'tm', 'cb', 'lb', 'su', 'ou', 'im', 'ed', 'm1', 'sh', 'bgm'],
    );
    const id = await page.evaluate(async () => (await crow.flush(), crow.getSessionId()));
    const replay = await storedReplay(world, id, (all) => JSON.stringify(all).includes('THE END'));
    // Clicks are captured; those of a series when it is over.
    const events = await until(async () => {
      const all = await world.crow.events(id);
      return all.filter(({ type }) => type === 'click').length >= 10 && all;
    });
    await page.close();
    const places = {
      sent: world.proxy.requests
        .map(({ path, headers, text, raw }) => [path, JSON.stringify(headers), text, raw.toString('latin1')].join('\n'))
        .join('\n'),
      read: JSON.stringify([replay, events, await world.crow.session(id)]),
      stored: written(world.crow.data),
    };
    for (const [place, bytes] of Object.entries(places))
      assert.deepEqual([...new Set(bytes.match(/zq\d+qz|4111 1111/g))], [], place);
    assert.match(places.sent, /nothing to hide/, 'the search would find it');
  },
};
