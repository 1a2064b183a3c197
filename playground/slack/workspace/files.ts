export interface StoredFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  /** Bytes, as announced before the upload. */
  size: number;
  user: string;
  createdAt: number;
  bytes?: Buffer;
  /** Where it was shared: channel → the messages' timestamps; `visibleAt` is when `files.info` begins to say so. */
  shares: { channel: string; ts: string; threadTs?: string; visibleAt: number }[];
}

const mimetypes: Record<string, string> = {
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  json: 'application/json',
  yaml: 'text/yaml',
  yml: 'text/yaml',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
};

export function extensionOf(name: string): string {
  return name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '';
}

/** Uploaded files. One is known from `files.getUploadURLExternal` on, and has bytes once they were sent. */
export class FileStore {
  readonly #files = new Map<string, StoredFile>();
  #count = 0;

  announce(file: Omit<StoredFile, 'id' | 'mimetype' | 'shares'>): StoredFile {
    const id = `F0${(++this.#count).toString(36).toUpperCase().padStart(8, '0')}`;
    const mimetype = mimetypes[extensionOf(file.name)] ?? 'application/octet-stream';
    const stored: StoredFile = { ...file, id, mimetype, shares: [] };
    this.#files.set(id, stored);
    return stored;
  }

  clear(): void {
    this.#files.clear();
  }

  find(id: string): StoredFile | undefined {
    return this.#files.get(id);
  }
}
