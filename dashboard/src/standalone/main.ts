/** The player inside a downloaded file. The recording is in the page, and nothing is fetched. */
import replayStyle from '@rrweb/replay/dist/style.css?inline';
import { clock } from '../format';
import { AssetBook } from '../player/assets';
import { Stage } from '../player/stage';
import style from './standalone.css?inline';

const recording = document.getElementById('recording')?.textContent ?? '';
const assets = new AssetBook();
for (const [url, address] of Object.entries(
  JSON.parse(document.getElementById('assets')?.textContent || '{}') as Record<string, string>,
))
  assets.bring(url, address);
const { from: startedAt, title } = document.body.dataset;
const start = Number(startedAt);

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

document.head.append(make('style', { textContent: `${replayStyle}\n${style}` }));
const screen = make('div', { id: 'stage' });
const room = make('main', {}, screen);
const play = make('button', { textContent: 'Play', type: 'button' });
const position = make('input', { type: 'range', min: '0', value: '0', step: '100', ariaLabel: 'Position' });
const time = make('output', { textContent: '0:00' });
const speed = make(
  'select',
  { ariaLabel: 'Speed' },
  ...[0.5, 1, 2, 4, 8].map((value) =>
    make('option', { value: String(value), textContent: `${value}×`, selected: value === 1 }),
  ),
);
document.body.append(
  make('header', { textContent: title ?? '' }),
  room,
  make('footer', {}, play, position, time, speed),
);

let isPlaying = true;
const stage = new Stage(
  screen,
  assets,
  { at: null, playing: true, speed: 1, skipIdle: true, follow: false },
  (state) => {
    isPlaying = state.isPlaying;
    play.textContent = isPlaying ? 'Pause' : 'Play';
    const last = state.buffered?.[1] ?? start;
    position.max = String(last - start);
    if (document.activeElement !== position || isPlaying) position.value = String(state.at - start);
    time.textContent = `${clock(state.at - start)} / ${clock(last - start)}`;
    const scale = Math.min(room.clientWidth / state.width, room.clientHeight / state.height);
    if (Number.isFinite(scale))
      screen.style.cssText = `width:${state.width}px;height:${state.height}px;transform:translate(${(room.clientWidth - state.width * scale) / 2}px,${(room.clientHeight - state.height * scale) / 2}px) scale(${scale})`;
  },
);
play.addEventListener('click', () => (isPlaying ? stage.pause() : stage.play()));
position.addEventListener('input', () => stage.seek(start + Number(position.value)));
speed.addEventListener('change', () => stage.set({ speed: Number(speed.value) }));
window.addEventListener('resize', () => stage.report());
// Writing to a frame before this document has loaded would keep it loading for ever.
window.addEventListener('load', () => {
  stage.add(recording);
  assets.giveUp();
  stage.complete();
});
