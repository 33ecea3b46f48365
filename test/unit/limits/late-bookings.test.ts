import { describe, expect, it } from 'vitest';
import { LateBookings } from '../../../shared/services/admission/late-bookings.ts';
import { TENANT } from '../../support/fakes/limits.ts';
import { ManualClock } from '../../support/fakes/manual-clock.ts';

const FOR_MS = 100_000;

/** `answers`: what each look finds; the last one stays. */
const watched = async (...answers: (boolean | 'fails')[]) => {
  const clock = new ManualClock();
  const looks: number[] = [];
  const released: string[] = [];
  const bookings = new LateBookings({
    clock,
    isBooked: async () => {
      const answer = answers[Math.min(looks.length, answers.length - 1)];
      looks.push(clock.monotonic() - 1_000);
      if (answer === 'fails') throw new Error('the table is away');
      return answer === true;
    },
    release: (tenant, id) => released.push(`${tenant} ${id}`),
  });
  bookings.watch(TENANT, 'r1', FOR_MS);
  for (let second = 0; second < 2 * (FOR_MS / 1_000); second += 1) await clock.advance(1_000);
  return { looks, released };
};

describe('a request of a lease that a replay books', () => {
  it('is let go once it is booked, looked for ever less often', async () => {
    const { looks, released } = await watched(false, false, true);

    expect(looks).toEqual([1_000, 3_000, 7_000]);
    expect(released).toEqual([`${TENANT} r1`]);
  });

  it('is looked for again where the table is away', async () => {
    expect((await watched('fails', true)).released).toEqual([`${TENANT} r1`]);
  });

  it('is left to its expiry where it never is', async () => {
    const { looks, released } = await watched(false);

    expect(released).toEqual([]);
    expect(Math.max(...looks)).toBeLessThan(FOR_MS);
  });

  it('is one of a thousand at most', async () => {
    const clock = new ManualClock();
    const bookings = new LateBookings({ clock, isBooked: async () => true, release: () => undefined });
    for (let count = 0; count < 1_200; count += 1) bookings.watch(TENANT, `r${count}`, FOR_MS);

    expect(clock.slept).toHaveLength(1_000);
    await clock.advance(1_000);
    bookings.watch(TENANT, 'another', FOR_MS);
    expect(clock.slept).toHaveLength(1_001);
  });
});
