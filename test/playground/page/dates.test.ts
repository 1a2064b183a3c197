import { describe, expect, it } from '@jest/globals';
import { pageModule } from './page-module.ts';

const { ago, dayName, formatDate, isSameDay } = await pageModule('text/dates.js');

const noon = new Date(2026, 10, 23, 12).getTime();
const hours = 3_600_000;

describe('times as Slack writes them', () => {
  it('names the days next to today and writes the others out', () => {
    expect(dayName(noon, noon)).toBe('Today');
    expect(dayName(noon - 24 * hours, noon)).toBe('Yesterday');
    expect(dayName(noon - 72 * hours, noon)).toBe(
      new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' }).format(noon - 72 * hours),
    );
  });

  it('separates days at the reader’s midnight', () => {
    const midnight = new Date(2026, 10, 23).getTime();
    expect(isSameDay(midnight, midnight - 1)).toBe(false);
    expect(isSameDay(midnight, midnight + 1)).toBe(true);
  });

  it('fills the tokens it knows and leaves the others', () => {
    expect(formatDate(noon / 1000, 'on {date_num}, {date_pretty}: {nothing}', noon)).toBe(
      'on 2026-11-23, today: {nothing}',
    );
  });

  it('counts how long ago it was', () => {
    expect([ago(noon - 120_000, noon), ago(noon - 3 * hours, noon)]).toEqual(['2 minutes ago', '3 hours ago']);
  });
});
