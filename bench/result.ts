/** What a benchmark says: a figure and the one it is held against, both of the same run on the same machine. Only the ratio travels. */
export interface Result {
  what: string;
  against: string;
  unit: 'ms' | 'KiB';
  measured: number;
  baseline: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** One line for bench/main.ts. */
export function tell(result: Result): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
