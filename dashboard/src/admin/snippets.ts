export type Platform = 'html' | 'bundler' | 'react' | 'next' | 'native' | 'electron' | 'curl';

interface Snippet {
  title: string;
  code: string;
}

/** What to paste, by platform; the same calls as in the SDK's README. */
export function snippets(platform: Platform, key: string, endpoint: string): Snippet[] {
  const construct = (more = '') => `new CROWTracker({ apiKey: '${key}', endpoint: '${endpoint}'${more} })`;
  switch (platform) {
    case 'html':
      return [
        {
          title: 'In the head of each page',
          code: `<script src="${endpoint}/sdk/crow.js" data-key="${key}" data-replay defer></script>`,
        },
      ];
    case 'bundler':
      return [
        { title: 'Install', code: 'npm install @crow/tracking-sdk' },
        {
          title: 'Once, when the app starts',
          code: `import { CROWTracker } from '@crow/tracking-sdk';\n\nexport const tracker = ${construct(", replay: { load: () => import('@crow/tracking-sdk/replay') }")};\n\ntracker.identify('user-7');                       // after sign-in\ntracker.track('purchase_completed', { amount: 99 });`,
        },
      ];
    case 'react':
      return [
        {
          title: 'tracker.ts, outside components',
          code: `import { CROWTracker } from '@crow/tracking-sdk';\n\nexport const tracker = ${construct(", replay: { load: () => import('@crow/tracking-sdk/replay') }")};\n\n// Router navigation is tracked automatically.`,
        },
      ];
    case 'next':
      return [
        {
          title: 'tracker.ts',
          code: `import { CROWTracker } from '@crow/tracking-sdk';\n\nexport const tracker = ${construct()};`,
        },
        {
          title: 'A client component in the root layout',
          code: `'use client';\nimport '../tracker';\nexport function Tracking() { return null; }`,
        },
      ];
    case 'native':
      return [
        {
          title: 'When the app starts',
          code: `import { AppState, Dimensions } from 'react-native';\nimport AsyncStorage from '@react-native-async-storage/async-storage';\nimport { CROWTracker } from '@crow/tracking-sdk/react-native';\n\nexport const tracker = new CROWTracker({\n  apiKey: '${key}', endpoint: '${endpoint}', platform: 'react-native',\n  native: { appState: AppState, storage: AsyncStorage, dimensions: Dimensions.get('window') },\n});`,
        },
      ];
    case 'electron':
      return [
        {
          title: 'In the main process; windows use the npm entry',
          code: `import { app, net, powerMonitor } from 'electron';\nimport fs from 'node:fs';\nimport path from 'node:path';\nimport { CROWTracker } from '@crow/tracking-sdk/electron';\n\nconst tracker = new CROWTracker({\n  apiKey: '${key}', endpoint: '${endpoint}',\n  electron: { app, net, powerMonitor, fs, process, file: path.join(app.getPath('userData'), 'crow.json') },\n});`,
        },
      ];
    case 'curl':
      return [
        {
          title: 'Send one event',
          code: `curl -s ${endpoint}/track -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\\n  -d '{"sessionId":"first-try","event":{"type":"pageview","url":"https://example.com/"}}'`,
        },
      ];
  }
}
