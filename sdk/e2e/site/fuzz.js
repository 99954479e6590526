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

async function fuzz(seed, operations) {
  const random = randomOf(seed);
  const root = document.getElementById('root');
  const pick = (list) => list[random(list.length)];
  let count = 0;

  /** All elements, those in shadow roots and frames included. */
  const all = () => {
    const found = [];
    const visit = (element) => {
      found.push(element);
      for (const child of element.children) visit(child);
      for (const child of element.shadowRoot?.children ?? []) visit(child);
      if (element.localName === 'iframe' && element.contentDocument?.body) visit(element.contentDocument.body);
    };
    visit(root);
    return found;
  };
  const VOID = /^(input|textarea|select|iframe|video|audio|br|style|img|option)$/;
  const parents = () => all().filter((element) => !VOID.test(element.localName));
  const parent = () => {
    const host = pick(parents());
    return host.shadowRoot && random(2) ? host.shadowRoot : host;
  };
  const removable = () => all().filter((element) => element !== root && element.localName !== 'body');
  const documentOf = (node) => node.ownerDocument;
  const make = (owner) => {
    const name = pick(['div', 'span', 'p', 'b', 'ul', 'section', 'a', 'input', 'textarea', 'select', 'video', 'svg', 'details', 'dialog', 'img', 'x-thing']);
    const element = name === 'svg' ? owner.createElementNS('http://www.w3.org/2000/svg', 'svg') : owner.createElement(name);
    element.id = 'n' + count++;
    if (name === 'input') element.type = pick(['text', 'checkbox', 'number', 'radio']);
    if (name === 'select') element.innerHTML = '<option value="1">one</option><option value="2">two</option>';
    if (name === 'svg') element.innerHTML = '<circle r="4"/><linearGradient id="g"><stop offset="1"/></linearGradient>';
    else if (!VOID.test(name) && random(3)) element.append(pick(['text', 'täxt & <more>', '']) + count);
    return element;
  };
  const isInside = (inner, outer) => {
    for (let at = inner; at; at = at.parentNode ?? at.host ?? at.defaultView?.frameElement) if (at === outer) return true;
    return false;
  };
  const childOrNull = (node) => (node.childNodes.length && random(3) ? pick([...node.childNodes]) : null);

  const OPERATIONS = {
    append: () => { const to = parent(); to.appendChild(make(documentOf(to))); },
    insert: () => { const to = parent(); to.insertBefore(make(documentOf(to)), childOrNull(to)); },
    tree: () => {
      const to = parent();
      const [outer, middle, inner] = [make(documentOf(to)), documentOf(to).createElement('div'), make(documentOf(to))];
      middle.append(inner, 'tail', documentOf(to).createComment('c' + count));
      if (VOID.test(outer.localName)) to.append(outer, middle);
      else { outer.append(middle); to.appendChild(outer); }
    },
    remove: () => { const list = removable(); if (list.length) pick(list).remove(); },
    removeText: () => { const texts = parent().childNodes; const node = pick([...texts].filter(({ nodeType }) => nodeType === 3).concat(null)); node?.remove(); },
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
    unwrap: () => { const node = pick(removable().concat(null)); if (node && node.childNodes.length && !VOID.test(node.localName)) node.replaceWith(...node.childNodes); },
    swap: () => { const to = parent(); if (to.childNodes.length > 1) to.insertBefore(to.lastChild, to.firstChild); },
    reverse: () => { const to = parent(); to.append(...[...to.childNodes].reverse()); },
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
    comeAndGo: () => { const to = parent(); const node = make(documentOf(to)); to.appendChild(node); if (random(2)) node.setAttribute('title', 'gone'); node.remove(); },
    html: () => { const to = pick(parents().filter((element) => element !== root)) ?? root; if (to.localName !== 'body' && to.localName !== 'svg') to.innerHTML = `<i id="h${count++}">a</i>b<!--c--><u><s>d</s></u>`; },
    fragment: () => {
      const to = parent();
      const fragment = documentOf(to).createDocumentFragment();
      for (let i = 0; i < 3; i++) fragment.append(make(documentOf(to)), 't' + i);
      to.insertBefore(fragment, childOrNull(to));
    },
    text: () => { const node = pick([...parent().childNodes].filter(({ nodeType }) => nodeType === 3).concat(null)); if (node) node.data = pick(['', 'new', 'x'.repeat(30)]) + count++; },
    splitText: () => { const node = pick([...parent().childNodes].filter((one) => one.nodeType === 3 && one.data.length > 1).concat(null)); node?.splitText(1); },
    normalize: () => parent().normalize(),
    attribute: () => pick(all()).setAttribute(pick(['title', 'data-x', 'lang', 'aria-label', 'dir']), 'v' + count++),
    removeAttribute: () => pick(all()).removeAttribute(pick(['title', 'data-x', 'class', 'style'])),
    className: () => { const { classList } = pick(all()); classList.toggle(pick(['a', 'b', 'c'])); },
    style: () => pick(all()).style?.setProperty(pick(['color', 'margin-left', '--own', 'border', 'background']), pick(['red', '3px', '1px solid blue', 'calc(1px + 2em)']), pick(['', 'important'])),
    styleText: () => pick(all()).setAttribute('style', pick(['color: red; width: 10px', 'margin: 1px 2px', 'color:blue;;unknown: 3', ''])),
    styleRemove: () => pick(all()).style?.removeProperty(pick(['color', 'border', 'margin'])),
    shadow: () => {
      const host = pick(all().filter((element) => /^(div|section|x-thing|p|span)$/.test(element.localName) && !element.shadowRoot).concat(null));
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
      const owner = pick([document, ...all().map(({ shadowRoot }) => shadowRoot).filter(Boolean)]);
      if ((owner.ownerDocument ?? owner) !== document) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`.a { margin: ${count++}px } .b { color: blue }`);
      owner.adoptedStyleSheets = random(2) ? [sheet] : [...owner.adoptedStyleSheets, sheet].slice(-3);
      if (random(2)) sheet.insertRule(`.c { top: ${count++}px }`, 1);
    },
    rule: () => {
      const { sheet } = document.getElementById('programmatic');
      if (sheet.cssRules.length > 4 && random(2)) sheet.deleteRule(random(sheet.cssRules.length));
      else sheet.insertRule(pick([`.r${count++} { left: 1px }`, '@media screen { .m { top: 1px } }']), random(sheet.cssRules.length + 1));
    },
    ruleInside: () => {
      const { cssRules } = document.getElementById('programmatic').sheet;
      for (const rule of cssRules) {
        if (rule.cssRules?.insertRule === undefined && rule.insertRule) return void rule.insertRule(`.n${count++} { top: 2px }`, 0);
        if (rule.style) return void rule.style.setProperty('width', count++ + 'px');
      }
    },
    input: () => { const field = pick(all().filter(({ localName }) => /^(input|textarea)$/.test(localName)).concat(null)); if (field && !/radio|checkbox/.test(field.type)) field.value = String(count++); },
    check: () => { const field = pick(all().filter(({ type }) => /^(radio|checkbox)$/.test(type)).concat(null)); if (field) field.checked = !field.checked; },
    select: () => { const field = pick(all().filter(({ localName }) => localName === 'select').concat(null)); if (field?.options.length) field.value = pick([...field.options]).value; },
    media: () => { const video = pick(all().filter(({ localName }) => localName === 'video').concat(null)); if (video) { video.muted = true; video.setAttribute('controls', ''); video.setAttribute('width', random(300)); } },
    details: () => { const element = pick(all().filter(({ localName }) => localName === 'details').concat(null)); element?.toggleAttribute('open'); },
    dialog: () => { const element = pick(all().filter((one) => one.localName === 'dialog' && one.isConnected).concat(null)); if (element) element.open ? element.close() : element.show(); },
  };
  const names = Object.keys(OPERATIONS);
  const log = [];
  for (let done = 0; done < operations; ) {
    for (let together = 1 + random(6); together > 0 && done < operations; together--, done++) {
      const name = pick(names);
      log.push(name);
      OPERATIONS[name]();
    }
    await null;
    if (!random(20)) await new Promise((next) => setTimeout(next));
  }
  await new Promise((next) => setTimeout(next, 5));
  return log;
}
