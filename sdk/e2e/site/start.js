// Starts the tracker as a site would, and keeps count of what it has created.
(function () {
  const { options, run } = window.__settings ?? {};
  if (!options) return;
  window.crow = new CROWTracker({
    allowBots: true,
    flushAfterMs: 300,
    ...options,
    beforeSend(event) {
      window.__created.push(event);
      navigator.sendBeacon('/created?' + run, event.id + ',');
      return event;
    },
    ...(options.replay && {
      replay: {
        options: options.replay,
        load: () =>
          new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.src = '/sdk/crow-replay.js';
            script.onload = () => resolve({ replay: (given) => window.CROWReplay.replay(given, script.src) });
            script.onerror = reject;
            document.head.append(script);
          }),
      },
    }),
  });
  window.crow.on('error', (error) => window.__lost.push(error));
})();
