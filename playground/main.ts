/**
 * `npm run playground`: reads the command line, starts everything, prints one address, and ends everything at Ctrl-C. What it starts is
 * joined in playground.ts.
 */
import { readArguments, UsageError } from './environment.ts';
import { type Playground, startPlayground } from './playground.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Of a bot that ends early: its own words say why. */
const keptLines = 12;

function settingsText({ settings, personKubeconfig }: Playground): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value} \\`);
  return [`Start the bot with:`, '', ...lines, 'npm start', '', `For kubectl: KUBECONFIG=${personKubeconfig}`].join(
    '\n',
  );
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'This port is taken. Is the playground running already? Another one: npm run playground -- --port 0';
  }
  return `The playground cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  const said: string[] = [];
  const log = (line: string): void => {
    said.push(line);
    if (said.length > keptLines) said.shift();
  };
  const playground = await startPlayground({ ...options, log });
  for (const sign of ['SIGINT', 'SIGTERM'] as const) {
    process.once(sign, () => void playground.stop().finally(() => process.exit(0)));
  }
  if (options.startsBot && playground.botState() !== 'running') {
    say(`The bot did not start. Its last words:\n${said.join('\n')}`);
  }
  say(`The playground is at ${playground.url}  (Ctrl-C ends it)`);
  if (!options.startsBot) say(settingsText(playground));
}

try {
  await main();
} catch (error) {
  say(explain(error));
  process.exit(1);
}
