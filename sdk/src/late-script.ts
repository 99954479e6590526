import * as late from './replay/late';

/** The build for `<script>`: adds to the global that `crow-replay.js` has made. */
(globalThis as any).CROWReplay.late = late;
