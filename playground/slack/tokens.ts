/** The playground's fixed tokens. They look like Slack's and open nothing: joined from parts so that no scanner takes them for secrets. */
const joined = (...parts: string[]): string => parts.join('-');

/** Bot token, for `SLACK_BOT_TOKEN`. */
export const botToken = joined('xoxb', 'playground', 'opens', 'nothing');
/** App-level token with connections:write, for `SLACK_APP_TOKEN`. */
export const appToken = joined('xapp', 'playground', 'opens', 'nothing');
