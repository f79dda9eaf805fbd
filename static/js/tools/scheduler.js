// Looks ahead: whatever is due within the horizon is handed to the audio clock, which plays it to the sample. Timers
// of a page come late by many milliseconds, in a tab behind others by a second; that moves no beat. A pulse whose
// moment is over (the device slept) is left out: beats stay on their grid, and none are played in a heap.

export const NEAR = 0.15;
// A tab in the background may be asked only once a second.
export const FAR = 2.5;

export class Scheduler {
  constructor({ now, beats, play }) {
    Object.assign(this, { now, beats, play, horizon: NEAR, at: null, leftOut: 0 });
  }

  start(at = this.now() + 0.06) {
    this.at = at;
    this.tick();
  }

  tick() {
    const now = this.now();
    while (this.at < now + this.horizon) {
      const pulse = this.beats.next();
      if (this.at >= now) this.play(this.at, pulse);
      else this.leftOut += 1;
      this.at += pulse.length;
    }
  }
}
