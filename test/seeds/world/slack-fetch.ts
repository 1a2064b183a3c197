/** The `fetch` that the Slack SDK is given: the weather, and the emulated workspace behind it. */
import type { Refused } from '../faults/weather.ts';
import { orAborted, type Place, travel } from './network.ts';
import type { SeedSlack, SlackAnswer } from './slack.ts';

const refusedAs = ({ status, error, retryAfterSeconds }: Refused): SlackAnswer => ({
  status,
  headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  body: JSON.stringify({ ok: false, error: error ?? 'by_the_weather' }),
});

/** As much of a Response as the SDK reads. */
function response(url: string, { status, headers, body }: SlackAnswer): Response {
  return {
    url,
    ok: status < 300,
    status,
    statusText: '',
    headers: new Headers({ 'content-type': 'application/json', ...headers }),
    text: () => Promise.resolve(body),
    json: () => Promise.resolve(JSON.parse(body) as unknown),
  } as unknown as Response;
}

export function slackFetch(place: Place, slack: SeedSlack): typeof fetch {
  return async (input, init) => {
    // The SDK gives an address and a form, both as text.
    const url = input as string;
    const method = new URL(url).pathname.replace('/api/', '');
    const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '');
    const arrive = (): Promise<SlackAnswer> => slack.call(method, token, init?.body as string);
    const sent = travel(place, place.weather().slack(method), arrive, refusedAs);
    return response(url, await orAborted(sent, init?.signal));
  };
}
