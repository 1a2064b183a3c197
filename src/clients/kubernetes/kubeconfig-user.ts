/**
 * What kubectl reads of a kubeconfig's user and @kubernetes/client-node 2.0.1 does not: `tokenFile`, and what an exec plugin is told. Never
 * puts a token into an error.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const Users = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .nullish(),
});

/** Its absolute path: a relative one begins where the kubeconfig stands, as kubectl has it. `text`: the kubeconfig. */
export function tokenFileOf(text: string, kubeconfigPath: string, user: string): string | undefined {
  const { data: config } = Users.safeParse(parse(text));
  const named = config?.users?.find(({ name }) => name === user)?.user?.tokenFile;
  return named === undefined || named === '' ? undefined : path.resolve(path.dirname(kubeconfigPath), named);
}

/** As it is now: whoever rotates it writes it anew. Throws when it cannot be read, or is empty. */
export function readToken(file: string): string {
  const token = readFileSync(file, 'utf8').trim();
  if (token === '') throw new Error(`${file} is empty`);
  return token;
}

const Exec = z.looseObject({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});

/** A plugin learns from KUBERNETES_EXEC_INFO which version to answer in, and that nobody sits before it (client-go's exec package). */
export function withExecInfo(exec: unknown): object {
  const known = Exec.parse(exec);
  const { apiVersion } = known;
  const value = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: { interactive: false } });
  return { ...known, env: [{ name: 'KUBERNETES_EXEC_INFO', value }, ...(known.env ?? [])] };
}
