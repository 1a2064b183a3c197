/**
 * The one sink that text from elsewhere passes through before it is kept, logged or told: secrets are replaced by "[redacted]". Pure. It
 * would rather take too much than too little, so redact before cutting: half a secret is not recognised. Every pattern is linear in the text's length, so that a long line cannot hold up the process.
 */
const REDACTED = '[redacted]';

const NAMES = [
  'passwords?',
  'passwd',
  'passphrase',
  'pwd',
  'secrets?',
  'tokens?',
  'api[_-]?keys?',
  'access[_-]?keys?',
  'private[_-]?keys?',
  'signing[_-]?keys?',
  'encryption[_-]?keys?',
  'credentials?',
  'authorization',
  'cookie',
  'session[_-]?id',
  'connection[_-]?string',
  'dsn',
].join('|');

/** Each with what to put in its place; `$1` is what may stay. */
const PATTERNS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g, REDACTED],
  // Credentials in an address: postgres://user:password@host.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?:[^\s/"'@:]{0,200}:[^\s"'@]{1,300}|[^\s/"'@]{1,200})@/gi, `$1${REDACTED}@`],
  [/\b(Bearer|Basic)\s{1,3}[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, REDACTED],
  [/\bxox[a-z]-[\w-]{6,}/g, REDACTED],
  [/\bxapp-[\w-]{6,}/g, REDACTED],
  [/\bhooks\.slack\.com\/services\/[\w/]+/g, `hooks.slack.com/services/${REDACTED}`],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\b(?:sk|rk)_(?:live|test)_\w{8,}/g, REDACTED],
  [/\bwhsec_\w{8,}/g, REDACTED],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|npm_\w{20,}|glpat-[\w-]{15,})/g, REDACTED],
  [/\bAIza[\w-]{30,}/g, REDACTED],
  // password=…, "dbPassword": "…", also within JSON that was quoted once more.
  [
    new RegExp(`((?:${NAMES})[\\w.-]{0,40}\\\\?["']?\\s{0,3}[=:]\\s{0,3})(\\\\?"[^"]*"|'[^']*'|[^\\s,;&}\\]]+)`, 'gi'),
    `$1${REDACTED}`,
  ],
];

export function redact(text: string): string {
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
