// Writes a tree down so that the live page and its replay can be compared.

/** Attributes that one side has by design: dropped for safety, or state that is compared as such. */
const LEFT_OUT = /^(on.*|nonce|integrity|srcdoc|value|checked|selected|rr_.*|autofocus|autocomplete)$/;

/** A property as the browser has it: `<input name=children>` hides that of its form. */
function own(node, name) {
  let found;
  for (let at = Object.getPrototypeOf(node); at; at = Object.getPrototypeOf(at))
    found = Object.getOwnPropertyDescriptor(at, name) ?? found;
  return found?.get?.call(node);
}

/** What no attribute says: of a live node it is asked; of a replayed one, the events say it. */
let hiddenState = (node, name) => {
  const is = (selector) => Element.prototype.matches.call(node, selector);
  const mode =
    name === 'dialog' && node.open
      ? is(':modal')
        ? 'modal'
        : 'non-modal'
      : own(node, 'attributes').popover && is(':popover-open')
        ? 'popover'
        : null;
  return {
    rr_open_mode: mode,
    rr_indeterminate: name === 'input' && node.indeterminate ? true : null,
    rr_disabled: (/^(style|link)$/.test(name) && (node.disabled || node.sheet?.disabled)) || null,
  };
};

/** `isKept` tells the nodes of the replayer's own from those of the page. */
function writeDown(node, isKept = () => true, indent = '') {
  if (!isKept(node)) return '';
  const line = (text) => `${indent}${text}\n`;
  const inner = (parent) =>
    [...own(parent, 'childNodes')].map((child) => writeDown(child, isKept, indent + ' ')).join('');
  switch (own(node, 'nodeType')) {
    case 9:
      return line('#document') + inner(node) + sheets(node, indent);
    case 10:
      return line(`<!doctype ${node.name}>`);
    case 3:
      return line(`"${node.nodeValue}"`);
    case 8:
      return line(`<!--${node.nodeValue}-->`);
    case 1:
      return element(node, isKept, indent, line, inner);
    default:
      return line(`(${node.nodeType})`);
  }
}

function element(node, isKept, indent, line, inner) {
  const name = own(node, 'localName');
  if (name === 'script' || name === 'noscript') return line('<script>');
  // In a replay, a link is a style.
  if (name === 'link' || (name === 'style' && node.hasAttribute('rel')))
    return line(`<sheet${hidden(node, 'link')}>`) + (hiddenState(node, 'link').rr_disabled ? '' : rulesOf(node, line));
  const attributes = [...own(node, 'attributes')]
    .filter(
      ({ name: key, value }) =>
        !LEFT_OUT.test(key) && !/^rrweb-/.test(value) && !(name === 'iframe' && /^(src|sandbox)$/.test(key)),
    )
    .map(
      ({ name: key, value }) => `${key}=${JSON.stringify(key === 'style' ? declarations(own(node, 'style')) : value)}`,
    )
    .sort();
  let text = line(
    `<${name}${attributes.map((attribute) => ' ' + attribute).join('')}${state(node, name)}${hidden(node, name)}>`,
  );
  if (name === 'style') return text + rulesOf(node, line);
  if (name !== 'textarea') text += inner(node);
  const shadowRoot = own(node, 'shadowRoot');
  if (shadowRoot) {
    text +=
      line(' #shadow') + [...shadowRoot.childNodes].map((child) => writeDown(child, isKept, indent + '  ')).join('');
    text += sheets(shadowRoot, indent);
  }
  if (name === 'iframe' && node.contentDocument?.documentElement)
    text += writeDown(node.contentDocument, isKept, indent + ' ');
  return text;
}

function rulesOf(node, line) {
  return [...(node.sheet?.cssRules ?? [])].map((rule) => line(' ' + ruleText(rule))).join('');
}

/** Chromium puts what is important last when it reads a rule, and not when a program sets it. */
function ruleText({ cssText }) {
  return cssText
    .replace(/\s+/g, ' ')
    .replace(/\{ ([^{}]*); \}/g, (_, body) => `{ ${body.split('; ').sort().join('; ')}; }`);
}

/** Not what is scrolled in a popover: rrweb's replayer does not open it. */
function hidden(node, name) {
  const state = Object.entries(hiddenState(node, name)).filter(([, value]) => value !== null && value !== undefined);
  return (
    state.map(([key, value]) => ` ${key}=${value}`).join('') +
    (node.className === 'scroller' && !node.closest('[popover]') && own(node, 'scrollTop')
      ? ` scroll=${Math.round(own(node, 'scrollTop'))}`
      : '')
  );
}

/** Longhands do not overlap, so their order, which differs between text and program, says nothing. */
function declarations(style) {
  return [...style]
    .map((name) => [name, style.getPropertyValue(name), style.getPropertyPriority(name)].join(' '))
    .sort()
    .join('; ');
}

function state(node, name) {
  if (name === 'input') {
    const isChoice = /radio|checkbox/.test(node.type);
    return isChoice ? ` (${node.checked})` : ` (${node.value})`;
  }
  if (name === 'textarea' || name === 'select') return ` (${node.value})`;
  return '';
}

function sheets(root, indent) {
  return [...(root.adoptedStyleSheets ?? [])]
    .map((sheet) => `${indent} sheet ${[...sheet.cssRules].map(ruleText).join(' ')}\n`)
    .join('');
}
