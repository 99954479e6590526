// Stands before the gateway: records the bytes of each request, and makes trouble when told.
import { createServer, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

export async function startProxy(target) {
  const requests = [];
  /** `(request) => undefined | {status, headers, body} | 'cut' | 'lose_answer' | {delay}` */
  let trouble = () => undefined;
  /** Milliseconds that the answer to a preflight takes. */
  let preflightDelay = 0;
  let rewrite = (text) => text;
  const sockets = new Set();

  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return;
    }
    const raw = Buffer.concat(chunks);
    const record = { method: incoming.method, path: incoming.url, headers: incoming.headers, raw, at: Date.now() };
    record.text = (incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
    if (incoming.method === 'POST') requests.push(record);
    const isPreflight = incoming.method === 'OPTIONS';
    const fault = isPreflight ? { delay: preflightDelay } : trouble(record);
    record.fault = fault;
    if (fault === 'cut') return incoming.socket.destroy();
    if (fault?.delay) await new Promise((done) => setTimeout(done, fault.delay));
    if (fault?.status) {
      outgoing.writeHead(fault.status, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'Retry-After',
        ...fault.headers,
      });
      return outgoing.end(fault.body ?? '{}');
    }
    const { hostname, port } = new URL(target);
    const forward = request(
      // A connection that was kept may be closed by the server just as it is used again, which looks like a lost request.
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers, agent: false },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const body = rewrite(Buffer.concat(parts).toString(), record);
          record.status = answer.statusCode;
          record.answer = body;
          if (fault === 'lose_answer') return incoming.socket.destroy();
          const headers = { ...answer.headers };
          delete headers['content-length'];
          delete headers['transfer-encoding'];
          outgoing.writeHead(answer.statusCode, headers);
          outgoing.end(body);
        });
      },
    );
    forward.on('error', () => incoming.socket.destroy());
    forward.end(raw);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  const posts = () => requests.filter(({ path }) => path === '/batch');
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    posts,
    setPreflightDelay: (ms) => (preflightDelay = ms),
    setTrouble: (next) => (trouble = next ?? (() => undefined)),
    setRewrite: (next) => (rewrite = next ?? ((text) => text)),
    reset() {
      requests.length = preflightDelay = 0;
      trouble = () => undefined;
      rewrite = (text) => text;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
