// Finds out which variables of a minified text must differ in their names.
import { parse } from 'acorn';

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const SCOPE = /^(BlockStatement|For(In|Of)?Statement|CatchClause)$/;

/**
 * Each variable of `code` has one name, which nothing else has; `isOurs` knows these names. Gives for each name:
 * `rivals`, the names whose variables live in the same place; `foreign`, other names that are used there; and
 * `keys`, the properties that it is read from or written to: `{ id: a }` is `{ id }` when `a` is called `id`.
 * And `slots`: what is to be written between the pieces of the text.
 */
export function analyse(code, isOurs) {
  const places = new Map();
  const slots = [];
  const keys = new Map();
  let scopes = 0;

  /** `path`: the scopes around the node; those of functions are negative. */
  function visit(node, path) {
    if (FUNCTION.test(node.type)) {
      if (node.type === 'FunctionDeclaration') variable(node.id, path);
      const inner = [...path, -++scopes];
      if (node.type === 'FunctionExpression' && node.id) variable(node.id, inner);
      node.params.forEach((param) => visit(param, inner));
      return node.body.type === 'BlockStatement'
        ? node.body.body.forEach((child) => visit(child, inner))
        : visit(node.body, inner);
    }
    if (SCOPE.test(node.type)) path = [...path, ++scopes];
    if (node.type === 'Identifier') return variable(node, path);
    if (node.type === 'MemberExpression') return member(node, path);
    if (node.type === 'Property') return property(node, path);
    // The place of a `var` is its function.
    if (node.kind === 'var')
      node.declarations.forEach(
        ({ id }) => id.name && place(id.name, path.slice(0, path.findLastIndex((scope) => scope < 0) + 1)),
      );
    children(node).forEach((child) => visit(child, path));
  }
  function variable({ name, start, end }, path) {
    place(name, path);
    if (isOurs(name)) slots.push({ start, end, name });
  }
  function member({ object, property, computed }, path) {
    visit(object, path);
    computed ? visit(property, path) : label(property);
  }
  function property(node, path) {
    const { key, value, computed, shorthand } = node;
    const target = value.type === 'AssignmentPattern' ? value.left : value;
    if (shorthand || computed || key.type !== 'Identifier' || target.type !== 'Identifier' || !isOurs(target.name)) {
      if (!shorthand) computed ? visit(key, path) : label(key);
      return visit(value, path);
    }
    place(target.name, path);
    slots.push({ start: key.start, end: target.end, name: target.name, key: key.name });
    keys.set(target.name, [...(keys.get(target.name) ?? []), key.name]);
    if (value !== target) visit(value.right, path);
  }
  function label({ name, start, end }) {
    if (isOurs(name)) slots.push({ start, end, name });
  }
  function place(name, path) {
    const known = places.get(name) ?? { home: path, paths: [] };
    known.paths.push(path);
    known.home = common(known.home, path);
    places.set(name, known);
  }

  visit(parse(code, { ecmaVersion: 2022 }), [-++scopes]);
  slots.sort((a, b) => a.start - b.start);
  return { slots, keys, ...rivalry(places, isOurs) };
}

/** Two variables are rivals when one is used inside of the scope that the other belongs to. */
function rivalry(places, isOurs) {
  const spans = new Map(
    [...places].map(([name, { home, paths }]) => [
      name,
      new Set(paths.flatMap((path) => path.slice(isOurs(name) ? home.length - 1 : 0))),
    ]),
  );
  const homes = new Map([...places].map(([name, { home }]) => [name, home.at(-1)]));
  const rivals = new Map();
  const foreign = new Map();
  for (const name of places.keys()) {
    if (!isOurs(name)) continue;
    const others = [...places.keys()].filter(
      (other) =>
        other !== name &&
        (spans.get(other).has(homes.get(name)) || (isOurs(other) && spans.get(name).has(homes.get(other)))),
    );
    rivals.set(name, others.filter(isOurs));
    foreign.set(name, new Set(others.filter((other) => !isOurs(other))));
  }
  return { rivals, foreign };
}

function common(a, b) {
  const end = a.findIndex((scope, i) => scope !== b[i]);
  return end < 0 ? a : a.slice(0, end);
}

function children(node) {
  return Object.values(node)
    .flat()
    .filter((child) => child?.type);
}
