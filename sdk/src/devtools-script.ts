import { watchPage } from './devtools/watch';

/** The build for `<script>`: adds to the global that `crow-replay.js` has made. */
(globalThis as any).CROWReplay.devtools = { watchPage };
