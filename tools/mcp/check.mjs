// Runs the conformance suite against a server: `npm run check`, with its address in MCP_URL and a key in MCP_KEY.
// It needs a newer Node.js than the rest of this project, so that is one of the packages here. npm puts it first on the path.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * What applies to a server that has tools and neither sessions, prompts, resources nor logging. The scenarios that call tools want tools of
 * certain names, and the others are about those parts.
 */
const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'];
const CONFORMANCE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';

const { MCP_URL: url, MCP_KEY: key } = process.env;

/** The output of the suite. */
async function run(...args) {
  const child = spawn(process.execPath, [CONFORMANCE, ...args]);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} exits with ${code}:\n${text}`);
  return text;
}

/** The suite knows no keys, so this adds one on the way. */
async function withKey() {
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${key}` };
    const passedOn = request(url, { method: asked.method, headers }, (answered) => {
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    passedOn.on('error', (error) => answer.destroy(error));
    asked.pipe(passedOn);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function conforms() {
  const server = await withKey();
  const address = `http://127.0.0.1:${server.address().port}/mcp`;
  for (const scenario of SCENARIOS) {
    const report = await run('server', '--url', address, '--scenario', scenario);
    const [, passed, all] = /Passed: (\d+)\/(\d+), 0 failed/.exec(report) ?? [];
    if (!Number(passed) || passed !== all) throw new Error(report);
    console.log(`ok    ${scenario}: ${passed} checks`);
  }
  server.close();
}

await conforms();
