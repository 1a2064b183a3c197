/**
 * The few messages that kubectl sends as protobuf even to a server that answers JSON: reviews, token requests, delete options, and the
 * objects of `kubectl create configmap | secret | namespace | serviceaccount`. Every other protobuf body is refused. Field numbers are those of Kubernetes' generated.proto files.
 */

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

interface Field {
  name: string;
  type: 'string' | 'number' | 'boolean' | 'bytes' | Message;
  isList?: boolean;
  /** Entries of a map: key is field 1, value field 2. */
  isMap?: boolean;
}
interface Message {
  [number: number]: Field;
}

const text = (name: string): Field => ({ name, type: 'string' });
const number = (name: string): Field => ({ name, type: 'number' });
const part = (name: string, type: Message): Field => ({ name, type });
const list = (name: string): Field => ({ name, type: 'string', isList: true });

const map = (name: string): Field => ({ name, type: { 1: text('key'), 2: text('value') }, isMap: true });
const bytesMap = (name: string): Field => ({
  name,
  type: { 1: text('key'), 2: { name: 'value', type: 'bytes' } },
  isMap: true,
});
const flag = (name: string): Field => ({ name, type: 'boolean' });

const typeMeta: Message = { 1: text('apiVersion'), 2: text('kind') };
const metadata: Message = {
  1: text('name'),
  2: text('generateName'),
  3: text('namespace'),
  11: map('labels'),
  12: map('annotations'),
};
const withMetadata = (rest: Message = {}): Message => ({ 1: part('metadata', metadata), ...rest });
const resourceAttributes: Message = {
  1: text('namespace'),
  2: text('verb'),
  3: text('group'),
  4: text('version'),
  5: text('resource'),
  6: text('subresource'),
  7: text('name'),
};
const nonResourceAttributes: Message = { 1: text('path'), 2: text('verb') };
const attributes: Message = {
  1: part('resourceAttributes', resourceAttributes),
  2: part('nonResourceAttributes', nonResourceAttributes),
};
const subject: Message = { ...attributes, 3: text('user'), 4: list('groups'), 6: text('uid') };
const tokenSpec: Message = { 1: list('audiences'), 4: number('expirationSeconds') };

const withSpec = (spec: Message): Message => withMetadata({ 2: part('spec', spec) });

const messages: Record<string, Message> = {
  SelfSubjectAccessReview: withSpec(attributes),
  LocalSubjectAccessReview: withSpec(subject),
  SubjectAccessReview: withSpec(subject),
  SelfSubjectRulesReview: withSpec({ 1: text('namespace') }),
  SelfSubjectReview: withMetadata(),
  Namespace: withMetadata(),
  ServiceAccount: withMetadata(),
  ConfigMap: withMetadata({ 2: map('data'), 3: bytesMap('binaryData'), 4: flag('immutable') }),
  Secret: withMetadata({ 2: bytesMap('data'), 3: text('type'), 4: map('stringData'), 5: flag('immutable') }),
  TokenRequest: withSpec(tokenSpec),
  DeleteOptions: {
    1: number('gracePeriodSeconds'),
    2: part('preconditions', { 1: text('uid'), 2: text('resourceVersion') }),
    3: flag('orphanDependents'),
    4: text('propagationPolicy'),
    5: list('dryRun'),
  },
};

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('truncated protobuf');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  }

  bytes(): Buffer {
    const length = this.varint();
    const found = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return found;
  }

  /** A value of this wire type: a number, or its bytes. */
  value(wireType: number): number | Buffer {
    if (wireType === 0) return this.varint();
    if (wireType === 2) return this.bytes();
    const length = wireType === 1 ? 8 : 4;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function decodeField(value: number | Buffer, { type }: Field): unknown {
  if (!Buffer.isBuffer(value)) return type === 'boolean' ? value !== 0 : value;
  if (typeof type === 'object') return decode(value, type);
  return value.toString(type === 'bytes' ? 'base64' : 'utf8');
}

function decode(bytes: Buffer, message: Message): Record<string, unknown> {
  const reader = new Reader(bytes);
  const result: Record<string, unknown> = {};
  while (!reader.isDone()) {
    const tag = reader.varint();
    const value = reader.value(tag & 7);
    const field = message[tag >> 3];
    if (!field) continue;
    const decoded = decodeField(value, field);
    if (field.isMap) {
      const entry = decoded as { key?: string; value?: string };
      result[field.name] = { ...(result[field.name] as object | undefined), [entry.key ?? '']: entry.value ?? '' };
    } else if (field.isList) result[field.name] = [...((result[field.name] ?? []) as unknown[]), decoded];
    else if (decoded !== '') result[field.name] = decoded;
  }
  return result;
}

const MAGIC = 'k8s\0';

/** The object, or undefined for a kind that is not taken as protobuf. */
export function decodeProtobuf(body: Buffer): Record<string, unknown> | undefined {
  if (body.subarray(0, 4).toString('latin1') !== MAGIC) return undefined;
  const reader = new Reader(body.subarray(4));
  let type: Record<string, unknown> = {};
  let raw = Buffer.alloc(0);
  while (!reader.isDone()) {
    const tag = reader.varint();
    const value = reader.value(tag & 7);
    if (tag >> 3 === 1) type = decode(value as Buffer, typeMeta);
    if (tag >> 3 === 2) raw = Buffer.from(value as Buffer);
  }
  const message = messages[String(type['kind'])];
  return message && { ...type, ...decode(raw, message) };
}
