/** The document of the player: apart from the app, with a policy of its own, since recordings are hostile input. */
import replayStyle from '@rrweb/replay/dist/style.css?inline';
import { AssetBook } from './assets';
import style from './player.css?inline';
import type { FromPlayer, ToPlayer } from './protocol';
import { Stage } from './stage';
import { showStill } from './still';

const app = window.parent;
const root = document.getElementById('stage');
const say = (message: FromPlayer): void => app.postMessage(message, window.location.origin);
/** It outlives a reset: what was found for one part of a recording is known in the others. */
const assets = new AssetBook();

// The policy of this document lets it load nothing, not even a style sheet.
document.head.append(Object.assign(document.createElement('style'), { textContent: `${replayStyle}\n${style}` }));

let stage: Stage | undefined;
let isFitted = true;
let told = '';

/** Scales the page to the room there is. */
function fit(): void {
  if (!root || !stage) return;
  const { width, height } = stage.size;
  if (!width || !height) return;
  const scale = isFitted ? Math.min(window.innerWidth / width, window.innerHeight / height) : 1;
  root.style.width = `${width}px`;
  root.style.height = `${height}px`;
  root.style.transform = `translate(${Math.max(0, (window.innerWidth - width * scale) / 2)}px, ${Math.max(0, (window.innerHeight - height * scale) / 2)}px) scale(${scale})`;
  document.documentElement.style.overflow = isFitted ? 'hidden' : 'auto';
}

/** Tells what is known of idle stretches and of hidden things, when it is news. */
function tellFindings(): void {
  if (!stage) return;
  const { idle, bad } = stage.tracks;
  const report = { ...stage.tracks.report, remote: stage.tracks.report.remote + assets.missing };
  const findings = `${idle.length} ${bad} ${JSON.stringify(report)}`;
  if (findings === told) return;
  told = findings;
  say({ type: 'idle', spans: idle });
  say({ type: 'report', report, bad });
}

function askForAssets(): void {
  const urls = assets.takeUnasked();
  if (urls.length) say({ type: 'wantAssets', urls, at: stage?.tracks.last ?? Date.now() });
}

function handle(message: ToPlayer): void {
  if (!root) return;
  switch (message.type) {
    case 'reset':
      stage?.destroy();
      told = '';
      document.body.classList.remove('still');
      stage = new Stage(root, assets, message, (state) => {
        fit();
        say({ type: 'state', state });
      });
      break;
    case 'lines':
      stage?.add(message.text);
      askForAssets();
      tellFindings();
      stage?.report();
      break;
    case 'assets': {
      const { pictures, isInSheet } = assets.answer(message.found, message.missing);
      stage?.takeAssets(pictures, isInSheet);
      tellFindings();
      break;
    }
    case 'complete':
      stage?.complete();
      stage?.report();
      break;
    case 'caughtUp':
      stage?.caughtUp();
      break;
    case 'play':
      stage?.play();
      break;
    case 'pause':
      stage?.pause();
      break;
    case 'seek':
      stage?.seek(message.at);
      break;
    case 'set':
      stage?.set(message);
      if (message.fit !== undefined) isFitted = message.fit;
      fit();
      break;
    case 'still':
      if (stage)
        void showStill(stage, root, message).then((size) =>
          say(size ? { type: 'stillShown', ...size } : { type: 'stillMissing' }),
        );
      break;
  }
}

window.addEventListener('message', ({ source, origin, data }: MessageEvent<ToPlayer>) => {
  if (source !== app || origin !== window.location.origin || app === window) return;
  try {
    handle(data);
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
window.addEventListener('resize', fit);
say({ type: 'ready' });
