// Writes a tree down so that the live page and its replay can be compared.

/** Attributes that one side has by design: dropped for safety, or state that is compared as such. */
const LEFT_OUT = /^(on.*|nonce|integrity|srcdoc|value|checked|selected|rr_.*|autofocus|autocomplete)$/;

/** `isKept` tells the nodes of the replayer's own from those of the page. */
function writeDown(node, isKept = () => true, indent = '') {
  if (!isKept(node)) return '';
  const line = (text) => `${indent}${text}\n`;
  const inner = (parent) => [...parent.childNodes].map((child) => writeDown(child, isKept, indent + ' ')).join('');
  switch (node.nodeType) {
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
  const name = node.localName;
  if (name === 'script' || name === 'noscript') return line('<script>');
  const attributes = [...node.attributes]
    .filter(({ name: key, value }) => !LEFT_OUT.test(key) && !/^rrweb-/.test(value) && !(name === 'iframe' && /^(src|sandbox)$/.test(key)))
    .map(({ name: key, value }) => `${key}=${JSON.stringify(key === 'style' ? declarations(node.style) : value)}`)
    .sort();
  let text = line(`<${name}${attributes.map((attribute) => ' ' + attribute).join('')}${state(node, name)}>`);
  if (name === 'style') return text + [...(node.sheet?.cssRules ?? [])].map((rule) => line(' ' + rule.cssText.replace(/\s+/g, ' '))).join('');
  if (name !== 'textarea') text += inner(node);
  const { shadowRoot } = node;
  if (shadowRoot) {
    text += line(' #shadow') + [...shadowRoot.childNodes].map((child) => writeDown(child, isKept, indent + '  ')).join('');
    text += sheets(shadowRoot, indent);
  }
  if (name === 'iframe' && node.contentDocument?.documentElement) text += writeDown(node.contentDocument, isKept, indent + ' ');
  return text;
}

/** Longhands do not overlap, so their order, which differs between text and program, says nothing. */
function declarations(style) {
  return [...style].map((name) => [name, style.getPropertyValue(name), style.getPropertyPriority(name)].join(' ')).sort().join('; ');
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
    .map((sheet) => `${indent} sheet ${[...sheet.cssRules].map(({ cssText }) => cssText.replace(/\s+/g, ' ')).join(' ')}\n`)
    .join('');
}
