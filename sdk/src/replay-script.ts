import { record, replay } from './replay';

/** The build for `<script>`: makes the global `CROWReplay`, which `crow.js` looks for. */
(globalThis as { CROWReplay?: unknown }).CROWReplay = { record, replay };
