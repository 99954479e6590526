// Random operations on a page, the same for the same seed.

function randomOf(seed) {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** `more`: also sheets, forms without events, scrolling, the top layer and hostile names. */
async function fuzz(seed, operations, more = false) {
  const random = randomOf(seed);
  const root = document.getElementById('root');
  const pick = (list) => list[random(list.length)];
  let count = 0;

  /** All elements, those in shadow roots and frames included. */
  const all = () => {
    const found = [];
    const visit = (element) => {
      found.push(element);
      for (const child of own(element, 'children')) visit(child);
      for (const child of own(element, 'shadowRoot')?.children ?? []) visit(child);
      if (own(element, 'localName') === 'iframe' && element.contentDocument?.body) visit(element.contentDocument.body);
    };
    visit(root);
    return found;
  };
  const VOID = /^(input|textarea|select|iframe|video|audio|br|style|link|img|option)$/;
  const parents = () => all().filter((element) => !VOID.test(own(element, 'localName')));
  const parent = () => {
    const host = pick(parents());
    return own(host, 'shadowRoot') && random(2) ? own(host, 'shadowRoot') : host;
  };
  const removable = () => all().filter((element) => element !== root && element.localName !== 'body');
  const documentOf = (node) => own(node, 'ownerDocument');
  const make = (owner) => {
    const name = pick([
      'div',
      'span',
      'p',
      'b',
      'ul',
      'section',
      'a',
      'input',
      'textarea',
      'select',
      'video',
      'svg',
      'details',
      'dialog',
      'img',
      'x-thing',
    ]);
    const element =
      name === 'svg' ? owner.createElementNS('http://www.w3.org/2000/svg', 'svg') : owner.createElement(name);
    element.id = 'n' + count++;
    if (name === 'input') element.type = pick(['text', 'checkbox', 'number', 'radio']);
    if (name === 'select') element.innerHTML = '<option value="1">one</option><option value="2">two</option>';
    if (name === 'svg') element.innerHTML = '<circle r="4"/><linearGradient id="g"><stop offset="1"/></linearGradient>';
    else if (!VOID.test(name) && random(3)) element.append(pick(['text', 'täxt & <more>', '']) + count);
    return element;
  };
  const isInside = (inner, outer) => {
    for (let at = inner; at; at = own(at, 'parentNode') ?? at.host ?? at.defaultView?.frameElement)
      if (at === outer) return true;
    return false;
  };
  const childrenOf = (node) => [...own(node, 'childNodes')];
  const childOrNull = (node) => (childrenOf(node).length && random(3) ? pick(childrenOf(node)) : null);

  const OPERATIONS = {
    append: () => {
      const to = parent();
      to.appendChild(make(documentOf(to)));
    },
    insert: () => {
      const to = parent();
      to.insertBefore(make(documentOf(to)), childOrNull(to));
    },
    tree: () => {
      const to = parent();
      const [outer, middle, inner] = [make(documentOf(to)), documentOf(to).createElement('div'), make(documentOf(to))];
      middle.append(inner, 'tail', documentOf(to).createComment('c' + count));
      if (VOID.test(outer.localName)) to.append(outer, middle);
      else {
        outer.append(middle);
        to.appendChild(outer);
      }
    },
    remove: () => {
      const list = removable();
      if (list.length) pick(list).remove();
    },
    removeText: () => {
      const texts = parent().childNodes;
      const node = pick([...texts].filter(({ nodeType }) => nodeType === 3).concat(null));
      node?.remove();
    },
    move: () => {
      const list = removable();
      if (!list.length) return;
      const [node, to] = [pick(list), parent()];
      if (!isInside(to, node) && documentOf(node) === documentOf(to)) to.insertBefore(node, childOrNull(to));
    },
    wrap: () => {
      const list = removable().filter(({ parentNode }) => parentNode);
      if (!list.length) return;
      const node = pick(list);
      const wrapper = documentOf(node).createElement('section');
      node.parentNode.insertBefore(wrapper, node);
      wrapper.appendChild(node);
    },
    unwrap: () => {
      const node = pick(removable().concat(null));
      if (node && node.childNodes.length && !VOID.test(node.localName)) node.replaceWith(...node.childNodes);
    },
    swap: () => {
      const to = parent();
      if (to.childNodes.length > 1) to.insertBefore(to.lastChild, to.firstChild);
    },
    reverse: () => {
      const to = parent();
      to.append(...[...to.childNodes].reverse());
    },
    removeAndReturn: () => {
      const node = pick(removable().concat(null));
      if (!node) return;
      const { parentNode, nextSibling } = node;
      node.remove();
      node.setAttribute('data-away', count);
      parentNode.insertBefore(node, nextSibling);
    },
    moveThenRemoveParent: () => {
      const node = pick(removable().concat(null));
      if (!node?.firstElementChild || VOID.test(node.localName) || documentOf(node) !== document) return;
      root.appendChild(node.firstElementChild);
      node.remove();
    },
    comeAndGo: () => {
      const to = parent();
      const node = make(documentOf(to));
      to.appendChild(node);
      if (random(2)) node.setAttribute('title', 'gone');
      node.remove();
    },
    html: () => {
      const to = pick(parents().filter((element) => element !== root)) ?? root;
      if (to.localName !== 'body' && to.localName !== 'svg')
        to.innerHTML = `<i id="h${count++}">a</i>b<!--c--><u><s>d</s></u>`;
    },
    fragment: () => {
      const to = parent();
      const fragment = documentOf(to).createDocumentFragment();
      for (let i = 0; i < 3; i++) fragment.append(make(documentOf(to)), 't' + i);
      to.insertBefore(fragment, childOrNull(to));
    },
    text: () => {
      const node = pick([...parent().childNodes].filter(({ nodeType }) => nodeType === 3).concat(null));
      if (node) node.data = pick(['', 'new', 'x'.repeat(30)]) + count++;
    },
    splitText: () => {
      const node = pick(
        [...parent().childNodes].filter((one) => one.nodeType === 3 && one.data.length > 1).concat(null),
      );
      node?.splitText(1);
    },
    normalize: () => parent().normalize(),
    attribute: () => pick(all()).setAttribute(pick(['title', 'data-x', 'lang', 'aria-label', 'dir']), 'v' + count++),
    removeAttribute: () => pick(all()).removeAttribute(pick(['title', 'data-x', 'class', 'style'])),
    className: () => {
      const { classList } = pick(all());
      classList.toggle(pick(['a', 'b', 'c']));
    },
    style: () =>
      pick(all()).style?.setProperty(
        pick(['color', 'margin-left', '--own', 'border', 'background']),
        pick(['red', '3px', '1px solid blue', 'calc(1px + 2em)']),
        pick(['', 'important']),
      ),
    styleText: () =>
      pick(all()).setAttribute(
        'style',
        pick(['color: red; width: 10px', 'margin: 1px 2px', 'color:blue;;unknown: 3', '']),
      ),
    styleRemove: () => pick(all()).style?.removeProperty(pick(['color', 'border', 'margin'])),
    shadow: () => {
      const host = pick(
        all()
          .filter((element) => /^(div|section|x-thing|p|span)$/.test(element.localName) && !element.shadowRoot)
          .concat(null),
      );
      if (!host) return;
      const shadow = host.attachShadow({ mode: 'open' });
      if (random(2)) shadow.innerHTML = `<style>:host { color: green }</style><slot></slot><em>s${count++}</em>`;
      else shadow.append(make(documentOf(host)));
    },
    frame: () => {
      if (document.querySelectorAll('iframe').length > 2) return;
      const frame = document.createElement('iframe');
      root.appendChild(frame);
      frame.contentDocument.body.innerHTML = `<p id="f${count++}">frame</p>`;
    },
    adopt: () => {
      const owner = pick([
        document,
        ...all()
          .map(({ shadowRoot }) => shadowRoot)
          .filter(Boolean),
      ]);
      if ((owner.ownerDocument ?? owner) !== document) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`.a { margin: ${count++}px } .b { color: blue }`);
      owner.adoptedStyleSheets = random(2) ? [sheet] : [...owner.adoptedStyleSheets, sheet].slice(-3);
      if (random(2)) sheet.insertRule(`.c { top: ${count++}px }`, 1);
    },
    rule: () => {
      const { sheet } = document.getElementById('programmatic');
      if (sheet.cssRules.length > 4 && random(2)) sheet.deleteRule(random(sheet.cssRules.length));
      else
        sheet.insertRule(
          pick([`.r${count++} { left: 1px }`, '@media screen { .m { top: 1px } }']),
          random(sheet.cssRules.length + 1),
        );
    },
    ruleInside: () => {
      const { cssRules } = document.getElementById('programmatic').sheet;
      for (const rule of cssRules) {
        if (rule.cssRules?.insertRule === undefined && rule.insertRule)
          return void rule.insertRule(`.n${count++} { top: 2px }`, 0);
        if (rule.style) return void rule.style.setProperty('width', count++ + 'px');
      }
    },
    input: () => {
      const field = pick(
        all()
          .filter(({ localName }) => /^(input|textarea)$/.test(localName))
          .concat(null),
      );
      if (field && !/radio|checkbox/.test(field.type)) field.value = String(count++);
    },
    check: () => {
      const field = pick(
        all()
          .filter(({ type }) => /^(radio|checkbox)$/.test(type))
          .concat(null),
      );
      if (field) field.checked = !field.checked;
    },
    select: () => {
      const field = pick(
        all()
          .filter(({ localName }) => localName === 'select')
          .concat(null),
      );
      if (field?.options.length) field.value = pick([...field.options]).value;
    },
    media: () => {
      const video = pick(
        all()
          .filter(({ localName }) => localName === 'video')
          .concat(null),
      );
      if (video) {
        video.muted = true;
        video.setAttribute('controls', '');
        video.setAttribute('width', random(300));
      }
    },
    details: () => {
      const element = pick(
        all()
          .filter(({ localName }) => localName === 'details')
          .concat(null),
      );
      element?.toggleAttribute('open');
    },
    dialog: () => {
      const element = pick(
        all()
          .filter((one) => one.localName === 'dialog' && one.isConnected)
          .concat(null),
      );
      if (element) element.open ? element.close() : element.show();
    },
  };
  if (more) Object.assign(OPERATIONS, moreOperations({ random, pick, all, parent, next: () => count++ }));
  const names = Object.keys(OPERATIONS);
  const log = [];
  for (let done = 0; done < operations;) {
    for (let together = 1 + random(6); together > 0 && done < operations; together--, done++) {
      const name = pick(names);
      log.push(name);
      try {
        OPERATIONS[name]();
      } catch (error) {
        // What is called like a function of its form is none.
        if (!more) throw error;
      }
    }
    await null;
    if (!random(20)) await new Promise((next) => setTimeout(next));
  }
  if (more) await quiet(root, () => all().filter((element) => own(element, 'localName') === 'link'));
  await new Promise((next) => setTimeout(next, 5));
  return log;
}

/** Until links have loaded, and what tells nothing by itself was looked at. */
async function quiet(root, links) {
  // A link that is switched on after it was loaded switched off never has a sheet in Chromium.
  for (
    const deadline = performance.now() + 2_000;
    links().some((link) => !link.disabled && !link.sheet) && performance.now() < deadline;
  )
    await new Promise((next) => setTimeout(next, 10));
  // A scroll is told when the next frame is drawn.
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  await new Promise((next) => setTimeout(next, 150));
  root.setAttribute('data-quiet', '');
  await new Promise((next) => setTimeout(next, 90));
}

/** Those that rrweb's replayer, which plays what is recorded, does not ask for itself. */
const HOSTILE =
  'attributes matches tagName localName id children textContent isConnected baseURI scrollTop getRootNode closest style getAttribute'.split(
    ' ',
  );

function moreOperations({ random, pick, all, parent, next }) {
  const named = (name) => all().filter((element) => own(element, 'localName') === name && own(element, 'isConnected'));
  const one = (name, use) => {
    const element = pick(named(name).concat(null));
    if (element) use(element);
  };
  const plain = () => all().filter((element) => /^(div|section|main|body|b|p)$/.test(own(element, 'localName')));
  const add = (name, settings = {}) => {
    const to = pick(plain());
    const into = own(to, 'shadowRoot') && random(2) ? own(to, 'shadowRoot') : to;
    const element = Object.assign(own(to, 'ownerDocument').createElement(name), settings);
    into.append(element);
    return element;
  };
  const rule = () =>
    pick([
      `.s${next()} { left: ${next()}px }`,
      `@media screen { .m${next()} { top: 1px } .k { top: 2px } }`,
      `.v${next()} { --own: 1px; color: red !important }`,
      `@keyframes k${next()} { from { left: 0px } to { left: 1px } }`,
    ]);
  const sheets = () =>
    [...all().flatMap((element) => own(element, 'shadowRoot') ?? []), document]
      .flatMap((root) => [...root.adoptedStyleSheets])
      .concat(named('style').flatMap(({ sheet }) => sheet ?? []));
  const change = (use) => {
    const sheet = pick(sheets().concat(null));
    if (sheet && !sheet.disabled) use(sheet, [...sheet.cssRules]);
  };
  const roots = () => [
    document,
    ...all().flatMap((element) => (own(element, 'ownerDocument') === document && own(element, 'shadowRoot')) || []),
  ];
  const fresh = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rule());
    return sheet;
  };
  return {
    styleAdd: () => add('style', { textContent: rule() + rule() }),
    styleText: () => one('style', (style) => (style.textContent = rule())),
    styleAppend: () => one('style', (style) => style.append(rule())),
    styleData: () =>
      one('style', ({ firstChild }) => {
        if (firstChild) firstChild.data = rule();
      }),
    styleOff: () => one('style', (style) => (style.disabled = random(2) > 0)),
    styleMedia: () => one('style', (style) => style.setAttribute('media', pick(['print', 'all']))),
    linkAdd: () => {
      if (named('link').length < 4) add('link', { rel: 'stylesheet', href: `/fuzz-${random(3)}.css` });
    },
    linkTo: () => one('link', (link) => (link.href = `/fuzz-${random(3)}.css`)),
    linkOff: () => one('link', (link) => (link.disabled = random(2) > 0)),
    sheetInsert: () => change((sheet, rules) => sheet.insertRule(rule(), random(rules.length + 1))),
    sheetDelete: () =>
      change((sheet, rules) => {
        if (rules.length > 1) sheet.deleteRule(random(rules.length));
      }),
    sheetStyle: () =>
      change((_, rules) =>
        pick(rules.filter(({ type }) => type === 1).concat(null))?.style.setProperty('width', next() + 'px'),
      ),
    sheetText: () =>
      change((_, rules) => {
        const found = pick(rules.filter(({ type }) => type === 1).concat(null));
        if (found) found.style.cssText = `height: ${next()}px`;
      }),
    sheetSelector: () =>
      change((_, rules) => {
        const found = pick(rules.filter(({ type }) => type === 1).concat(null));
        if (found) found.selectorText = '.n' + next();
      }),
    sheetInner: () =>
      change((_, rules) => {
        const found = pick(rules.filter(({ type }) => type === 4).concat(null));
        if (found)
          found.cssRules.length > 1 && random(2)
            ? found.deleteRule(0)
            : found.insertRule(`.i${next()} { top: 3px }`, random(found.cssRules.length + 1));
      }),
    adoptPush: () => {
      const root = pick(roots());
      if (root.adoptedStyleSheets.length < 4) root.adoptedStyleSheets.push(fresh());
    },
    adoptDrop: () => {
      const list = pick(roots()).adoptedStyleSheets;
      if (list.length) list.splice(random(list.length), 1);
    },
    adoptReplace: () => pick(roots()).adoptedStyleSheets[0]?.replaceSync(rule()),
    formAdd: () => {
      const form = add('form', {
        innerHTML: `<input type="text" value="a"><input type="checkbox" checked><input type="radio" name="r${random(3)}" value="1"><input type="radio" name="r${random(3)}" value="2"><input type="number" value="1"><select><option>x</option><option selected>y</option><option>z</option></select><textarea>t</textarea>`,
      });
      form.id = 'form' + next();
    },
    formReset: () => one('form', (form) => HTMLFormElement.prototype.reset.call(form)),
    optionSelected: () => one('option', (option) => (option.selected = true)),
    optionAdd: () =>
      one('select', (select) => select.add(new Option('o' + next(), String(next()), false, random(2) > 0))),
    selectedIndex: () => one('select', (select) => (select.selectedIndex = random(3) - 1)),
    stepUp: () => {
      const field = pick(
        named('input')
          .filter(({ type }) => type === 'number')
          .concat(null),
      );
      field?.stepUp();
    },
    rangeText: () => one('textarea', (field) => field.setRangeText('r' + next())),
    areaText: () => one('textarea', (field) => (field.textContent = 'c' + next())),
    valueAttribute: () => one('input', (field) => field.setAttribute('value', String(next()))),
    between: () => {
      const field = pick(
        named('input')
          .filter(({ type }) => type === 'checkbox')
          .concat(null),
      );
      if (field) field.indeterminate = !field.indeterminate;
    },
    scrollAdd: () =>
      add('div', { innerHTML: '<div style="height:900px">tall</div>', className: 'scroller' }).setAttribute(
        'style',
        'height: 40px; overflow: auto; display: block',
      ),
    scrollTo: () => {
      const box = pick(
        all()
          .filter((element) => own(element, 'localName') === 'div' && element.className === 'scroller')
          .concat(null),
      );
      if (box) box.scrollTop = 10 + random(200);
    },
    modal: () => {
      if (!document.querySelector('dialog:modal'))
        one('dialog', (dialog) => {
          if (!dialog.open) dialog.showModal();
        });
    },
    close: () => one('dialog', (dialog) => dialog.close()),
    popoverAdd: () => add('div', { popover: 'manual', textContent: 'pop' + next() }),
    popover: () => {
      const element = pick(
        all()
          .filter((one) => own(one, 'localName') === 'div' && one.popover && own(one, 'isConnected'))
          .concat(null),
      );
      element?.togglePopover();
    },
    hostile: () => {
      const form = add('form');
      for (let i = 0; i < 3; i++)
        form.append(
          Object.assign(form.ownerDocument.createElement(pick(['input', 'img', 'button'])), { name: pick(HOSTILE) }),
        );
    },
    hostileLate: () =>
      one('form', (form) =>
        Element.prototype.append.call(form, Object.assign(document.createElement('input'), { name: pick(HOSTILE) })),
      ),
  };
}
