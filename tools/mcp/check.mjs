// Runs the conformance suite and the inspector against a server: `npm run check`, with its address in MCP_URL and a key in MCP_KEY.
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
/** It looks for its own package from the current folder. */
const INSPECTOR = 'node_modules/@modelcontextprotocol/inspector-cli/build';

const { MCP_URL: url, MCP_KEY: key } = process.env;

/** What a program prints: its output alone, and all, with notices and warnings. */
async function run(args, cwd) {
  const child = spawn(process.execPath, args, { cwd });
  let [output, all] = ['', ''];
  child.stdout.on('data', (part) => (output += part));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (all += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args[0]} exits with ${code}:\n${all}`);
  return { output, all };
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
    // The suite reports beside its output.
    const { all: report } = await run([CONFORMANCE, 'server', '--url', address, '--scenario', scenario]);
    const [, passed, checks] = /Passed: (\d+)\/(\d+), 0 failed/.exec(report) ?? [];
    if (!Number(passed) || passed !== checks) throw new Error(report);
    console.log(`ok    ${scenario}: ${passed} checks`);
  }
  server.close();
}

/** What the inspector shows, which speaks as most assistants do: with the SDK of the protocol. */
async function inspect(...args) {
  const header = `Authorization: Bearer ${key}`;
  const { output } = await run(['index.js', url, '--transport', 'http', '--header', header, ...args], INSPECTOR);
  return JSON.parse(output);
}

async function isInspected() {
  const { tools } = await inspect('--method', 'tools/list');
  const calls = { overview: [], find_sessions: ['--tool-arg', 'limit=5'] };
  for (const [name, args] of Object.entries(calls)) {
    if (!tools.some((tool) => tool.name === name)) throw new Error(JSON.stringify(tools));
    const answer = await inspect('--method', 'tools/call', '--tool-name', name, ...args);
    if (answer.isError || answer.content[0].type !== 'text') throw new Error(JSON.stringify(answer));
  }
  console.log(`ok    inspector: ${tools.length} tools`);
}

await conforms();
await isInspected();
