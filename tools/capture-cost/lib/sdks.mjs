// The SDKs, each set up as its documentation says, with the same three things on: replay, console, network.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const TOOL = new URL('..', import.meta.url).pathname;
const MODULES = join(TOOL, 'node_modules');

const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/**
 * By name: `head` for the page, `files` that the sink serves, and `answers` that the SDK needs to record. `beside` is the folder of another
 * build of CROW's SDK.
 */
export async function loadSdks(beside) {
  return {
    'no SDK': { head: () => '', files: () => undefined },
    CROW: crow(join(TOOL, '../../sdk')),
    ...(beside && { 'CROW, other build': crow(beside) }),
    Sentry: await sentry(true),
    'Sentry, no tracing': await sentry(false),
    PostHog: posthog(),
  };
}

/** The script tag. All calls of the console, as the others record; requests as by default. */
function crow(folder) {
  return {
    version: versionOf(folder),
    head: (sink) =>
      `<script src="${sink}/sdk/crow.js" data-key="crow_measured" data-replay='{"console":true}' data-options='{"allowBots":true}' defer></script>`,
    files: (path) => path.startsWith('/sdk/') && readFileSync(join(folder, 'dist/script', path.slice(5))),
    answers: (path) => path === '/session/start' && { replay: { enabled: true, sampleRate: 1 } },
  };
}

/**
 * One bundle of what the page imports, as a bundler makes it. Tracing is what most pages have; without it, replay records the same lines
 * and requests. Logs as a product of their own are off.
 */
async function sentry(isTraced) {
  const entry = `import * as Sentry from '@sentry/browser';
    Sentry.init({
      dsn: SINK.replace('://', '://key@') + '/1',
      integrations: [${isTraced ? 'Sentry.browserTracingIntegration(), ' : ''}Sentry.replayIntegration()],
      ${isTraced ? 'tracesSampleRate: 1, ' : ''}replaysSessionSampleRate: 1, replaysOnErrorSampleRate: 1,
    });`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: TOOL },
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    define: { __SENTRY_DEBUG__: 'false' },
    write: false,
  });
  return {
    version: versionOf(join(MODULES, '@sentry/browser')),
    head: (sink) => `<script>var SINK = '${sink}'</script><script src="${sink}/sentry.js" defer></script>`,
    files: (path) => path === '/sentry.js' && outputFiles[0].contents,
    answers: () => undefined,
  };
}

/** Its script for pages, and what a project that records answers. */
function posthog() {
  const config = {
    token: 'phc_measured',
    supportedCompression: ['gzip', 'gzip-js'],
    hasFeatureFlags: false,
    captureDeadClicks: false,
    capturePerformance: { network_timing: true, web_vitals: true, web_vitals_allowed_metrics: null },
    autocapture_opt_out: false,
    autocaptureExceptions: false,
    analytics: { endpoint: '/i/v0/e/' },
    elementsChainAsString: true,
    sessionRecording: {
      endpoint: '/s/',
      consoleLogRecordingEnabled: true,
      recorderVersion: 'v2',
      sampleRate: null,
      minimumDurationMilliseconds: null,
      linkedFlag: null,
      networkPayloadCapture: { recordBody: false, recordHeaders: false },
      masking: null,
      urlTriggers: [],
      scriptConfig: { script: 'posthog-recorder' },
    },
    surveys: false,
    heatmaps: false,
    siteApps: [],
  };
  const files = (path) => {
    if (path === '/array/phc_measured/config.js')
      return `(window._POSTHOG_REMOTE_CONFIG = window._POSTHOG_REMOTE_CONFIG || {})['phc_measured'] = { config: ${JSON.stringify(config)}, siteApps: [] };`;
    const name = /^\/static\/(?:[\d.]+\/)?([\w-]+\.js)$/.exec(path)?.[1];
    return name && readFileSync(join(MODULES, 'posthog-js/dist', name));
  };
  return {
    version: versionOf(join(MODULES, 'posthog-js')),
    head: (sink) => `<script src="${sink}/static/array.js"></script><script>posthog.init('phc_measured', {
      api_host: '${sink}', defaults: '2026-08-30', opt_out_useragent_filter: true, person_profiles: 'identified_only', disable_surveys: true })</script>`,
    files,
    answers: (path) =>
      (path.startsWith('/flags') && { ...config, flags: {}, errorsWhileComputingFlags: false }) ||
      (path === '/array/phc_measured/config' && config) ||
      (/^\/(s|e|i)\//.test(path) && { status: 1 }),
  };
}
