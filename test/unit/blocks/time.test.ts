import { describe, expect, it } from '@jest/globals';
import { dateForReader, duration, minutes, secondsForReader, timeForReader, utcTime } from '#blocks/time.ts';

const iso = '2026-11-23T03:04:10.500Z';

describe('times', () => {
  it("are in UTC with the reader's own beside", () => {
    expect(timeForReader(iso)).toBe('<!date^1795403050^03:04 UTC / {time}|03:04 UTC>');
    expect(secondsForReader(iso)).toBe('<!date^1795403050^03:04:10 UTC / {time_secs}|03:04:10 UTC>');
    expect(dateForReader(iso)).toBe('<!date^1795403050^2026-11-23 03:04 UTC / {time}|2026-11-23 03:04 UTC>');
  });

  it.each(['2026-11-23T03:04Z', '2026-11-23T03:04:10Z', '2026-11-23T03:04:10.123456Z'])('are read from %s', (text) => {
    expect(utcTime(text)).toBe('03:04 UTC');
  });

  it.each([undefined, '', 'soon'])('are said to be not known: %p', (text) => {
    expect(timeForReader(text)).toBe('time not known');
    expect(dateForReader(text)).toBe('time not known');
  });
});

describe('durations', () => {
  it.each([
    ['2026-11-23T03:04:10Z', '40 s'],
    ['2026-11-23T03:05:22Z', '1 min 52 s'],
    ['2026-11-23T05:08:30Z', '2 h 5 min'],
    ['2026-11-23T03:00:00Z', '0 s'],
    ['never', '0 s'],
  ])('from 03:03:30 to %s are %s', (to, words) => {
    expect(duration('2026-11-23T03:03:30Z', to)).toBe(words);
  });

  it('in minutes are counted in words', () => {
    expect([minutes(1), minutes(15)]).toEqual(['1 minute', '15 minutes']);
  });
});
