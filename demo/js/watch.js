// Tells the page /live what the SDK sends and what the server answers, by looking at `fetch`. Runs before the SDK.
(function () {
  const channel = new BroadcastChannel('crow-demo');
  const original = window.fetch;
  let count = 0;

  // A proxy still reads as native code. The SDK goes around a `fetch` that the page has replaced.
  window.fetch = new Proxy(original, {
    apply(target, self, [input, init = {}]) {
      const answer = Reflect.apply(target, self, [input, init]);
      const { pathname } = new URL(input, location.href);
      // Copied at once: the SDK reads the original.
      if (init.method === 'POST') watch(pathname, init, answer.then((response) => response.clone())).catch(() => {});
      return answer;
    },
  });

  async function watch(path, init, answering) {
    const id = `${performance.timeOrigin}-${count++}`;
    const began = performance.now();
    const packed = init.headers['Content-Encoding'];
    const bytes = new Blob([init.body]).size;
    const text = packed ? await new Response(new Blob([init.body]).stream().pipeThrough(new DecompressionStream(packed))).text() : init.body;
    const body = JSON.parse(text);
    delete body.apiKey;
    const sent = { id, path, at: Date.now(), bytes, plain: text.length, packed, keepalive: !!init.keepalive, page: location.pathname, body };
    channel.postMessage({ kind: 'sent', sent });
    const answered = { id };
    try {
      const response = await answering;
      Object.assign(answered, { status: response.status, body: await response.json().catch(() => null) });
    } catch (error) {
      answered.error = String(error);
    }
    channel.postMessage({ kind: 'answered', answered: { ...answered, ms: Math.round(performance.now() - began) } });
  }
})();
