/**
 * A self-signed certificate for localhost, made at start with node:crypto and the few lines of DER (X.690) that X.509 (RFC 5280) needs:
 * a bare machine may have no openssl, and the libraries that do this bring some twenty packages.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS 8. */
  key: string;
}

const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const DAY_MS = 86_400_000;

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 255 ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 128 + length.length]), length, content]);
}

const sequence = (...contents: Buffer[]): Buffer => der(0x30, ...contents);
const octets = (content: Buffer): Buffer => der(0x04, content);
/** `unused` bits at the end do not count. */
const bits = (content: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);
const isTrue = der(0x01, Buffer.from([0xff]));

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 127];
    for (let high = part >> 7; high > 0; high >>= 7) groups.unshift((high & 127) | 128);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
}

function extension(id: string, isCritical: boolean, content: Buffer): Buffer {
  return sequence(objectId(id), ...(isCritical ? [isTrue] : []), octets(content));
}

const COMMON_NAME = '2.5.4.3';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

const dnsName = (name: string): Buffer => der(0x82, Buffer.from(name));
const address = (bytes: number[]): Buffer => der(0x87, Buffer.from(bytes));

function extensions(): Buffer {
  const isAuthority = extension('2.5.29.19', true, sequence(isTrue));
  // digitalSignature and keyCertSign
  const usage = extension('2.5.29.15', true, bits(Buffer.from([0b1000_0100]), 2));
  const extendedUsage = extension('2.5.29.37', false, sequence(objectId(SERVER_AUTHENTICATION)));
  const names = [
    dnsName('localhost'),
    dnsName('kubernetes.default.svc'),
    address([127, 0, 0, 1]),
    address([...Array.from({ length: 15 }, () => 0), 1]),
  ];
  const alternatives = extension('2.5.29.17', false, sequence(...names));
  return der(0xa3, sequence(isAuthority, usage, extendedUsage, alternatives));
}

/** Good for localhost, 127.0.0.1 and ::1, for ten years from `now` (ms). */
export function selfSignedCertificate(now: number): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(der(0x31, sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from('simulated cluster')))));
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)]));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    serial,
    algorithm,
    name,
    sequence(utcTime(now - DAY_MS), utcTime(now + TEN_YEARS_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, algorithm, bits(signature)).toString('base64');
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
