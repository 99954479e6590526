// Makes the code of a script file short: two minifiers in a row, and names that compress well.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { minify } from 'terser';
import uglify from 'uglify-js';

/** Names of properties that only our own code says; plugins, options and what is sent have others. */
export const INTERNAL = [
  'windowStore',
  'isRefused',
  'whenReady',
  'attach',
  'viewProduct',
  'openLane',
  'maxItems',
  'maxQueueItems',
  'maxQueueChars',
  'saveAfterMs',
  'spool',
  'takeOver',
  'onLost',
  'takeReport',
  'nextSeq',
  'onReceipt',
  'onUnauthorized',
  'lane',
  'pageId',
  'unload',
  'pack',
  'afterMs',
  'goAway',
  'comeBack',
  'wakeUp',
  'packAll',
  'isOn',
  'decide',
  'endSession',
  'optedOut',
  'who',
  'remember',
  'wantReplay',
  'isKept',
  'shut',
  'headNow',
  'lose',
  'touch',
  'listen',
  'undo',
  'send',
  'store',
  'save',
  'core',
  'field',
  'isSeen',
  'onShut',
  'beacon',
  'beat',
  'peek',
  'hasChanged',
  // Of the recorder.
  'mirror',
  'masking',
  'report',
  'catchUp',
  'safely',
  'shows',
  'stir',
  'isBlocked',
  'isMarked',
  'isMasked',
  'isIgnored',
  'hideText',
  'hideValue',
  'repeated',
  'cleanAddress',
  'becameHidden',
  'leave',
  'typedInto',
  'knows',
  'inShadow',
  'addFrame',
  'markShadow',
  'newId',
  'build',
  'oneAttribute',
  'allAttributes',
  'textIn',
  'isOpaque',
  'stateOf',
  'inlineStyle',
  'styleText',
  'touched',
  'settle',
  'rebuild',
  'allows',
  'held',
  'note',
  'isBetween',
  'want',
  // Of what records console and network.
  'writer',
  'isOwn',
  'timeOf',
  'soon',
  'say',
  'onFlush',
  'wantsBody',
  'known',
  'isSecret',
  'spend',
  'watchPage',
  'wrap',
  // Of what is loaded late, and of what is held.
  'watchCanvases',
  'joinFrames',
  'joinParents',
  'createSources',
  'traceRequests',
  'uploader',
  'sendHeld',
  'rest',
];
/** Each minifier finds what the one before has left. `unsafe_arrows` only shortens functions that do not use `this`. */
const TERSER = {
  compress: {
    passes: 5,
    ecma: 2020,
    unsafe: true,
    inline: 1,
    unsafe_arrows: true,
    unsafe_methods: true,
    pure_getters: true,
    keep_fargs: false,
    hoist_props: true,
    reduce_funcs: false,
  },
  ecma: 2020,
};
/** `builtins`: some of our names are known to the DOM, too. */
const PROPERTIES = { builtins: true, regex: new RegExp(`^(${INTERNAL.join('|')})$`) };
const UGLIFY = {
  compress: { passes: 4, inline: 1, varify: false, if_return: false },
  module: true,
};

/** Everything that a script file needs, in one text. `define` holds its constants, as JSON. */
export async function bundle(from, define) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const all = { CROW_VERSION: JSON.stringify(version), ...define };
  const { outputFiles } = await build({
    entryPoints: [from],
    bundle: true,
    format: 'iife',
    target: 'es2021',
    minifySyntax: true,
    write: false,
    logLevel: 'warning',
    define: all,
  });
  return outputFiles[0].text;
}

/** Short code. `cache` says what the internal properties are called, and learns what the others are called now. */
export async function shorten(text, cache) {
  // A copy, because Terser writes into it.
  const terse = await minify(text, { ...TERSER, mangle: { properties: { ...PROPERTIES } }, nameCache: cache });
  const { code, error } = uglify.minify(terse.code, UGLIFY);
  if (error) throw error;
  return code;
}

/** What script files share that talk with each other: what the internal properties are called. A name that a text uses for something else is left out. */
export function nameCache(names, texts = []) {
  const isFree = (name) => !texts.some((text) => isProperty(text, name));
  const chosen = INTERNAL.filter((key) => names[key] && isFree(names[key]));
  return { props: { props: Object.fromEntries(chosen.map((key) => ['$' + key, names[key]])) } };
}

/** Whether `name` may be the name of a property in an unminified text. */
export function isProperty(text, name) {
  return new RegExp(`(?:[.{,]\\s*)${name.replace('$', '\\$')}(?![\\w$])`).test(text);
}

/**
 * Calls the variables what `names` says, in the order in which Terser asks. Terser refuses a name that something else has, and
 * asks for another; so names that were chosen for other code make it longer, never wrong.
 */
export async function rename(code, names) {
  let asked = 0;
  const nth_identifier = { get: (n) => names[asked++] ?? anyName(n) };
  const renamed = await minify(code, { compress: false, mangle: { toplevel: true, nth_identifier }, ecma: 2020 });
  return { code: renamed.code, asked };
}

/** A name of its own for each `n`. */
function anyName(n) {
  return String.fromCharCode(97 + (n % 26)) + (n < 26 ? '' : Math.floor(n / 26));
}
