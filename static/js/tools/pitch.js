// Hears one tone: McLeod's method, from pitchy. Its parabola through three samples is exact as long as a period has
// many of them, which holds for a sine, but not for the overtones of a high note. So a high tone is heard again, in a
// shorter piece with seven samples put between each two (a windowed sinc).

import { PitchDetector } from "../../vendor/pitchy/pitchy.js";

const SECONDS = 0.17;
const HIGH = 700;
const FINER = 8;
const TAPS = 16;
// Quieter than this is a room, not an instrument.
const LEAST_VOLUME = 0.002;
const CLEAR = 0.9;
// Below this there is no note; so slow a wave has too few periods in one hearing, and noise may look like one.
const LOWEST = 20;

// Weights of the samples around a point that lies k/8 of a sample behind one of them.
const WEIGHTS = Array.from({ length: FINER }, (_, k) => Float64Array.from({ length: 2 * TAPS }, (__, tap) => {
  const x = tap - TAPS + 1 - k / FINER;
  const bell = 0.5 + 0.5 * Math.cos((Math.PI * x) / TAPS);
  return x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * bell;
}));

export class Ear {
  constructor(rate) {
    this.rate = rate;
    this.size = 2 ** Math.ceil(Math.log2(rate * SECONDS));
    this.detector = PitchDetector.forFloat32Array(this.size);
    this.detector.minVolumeAbsolute = LEAST_VOLUME;
    this.finer = new Float32Array(this.size);
  }

  // The frequency in hertz, or null where there is no clear tone. Takes `size` samples.
  hear(samples) {
    const [hz, clarity] = this.detector.findPitch(samples, this.rate);
    if (clarity < CLEAR || !Number.isFinite(hz) || hz < LOWEST) return null;
    if (hz < HIGH) return hz;
    this.refine(samples);
    const [finer, stillClear] = this.detector.findPitch(this.finer, this.rate * FINER);
    return stillClear < CLEAR || !Number.isFinite(finer) ? null : finer;
  }

  refine(samples) {
    const first = samples.length - this.size / FINER - TAPS;
    for (let i = 0; i < this.size; i += 1) {
      const [weights, from] = [WEIGHTS[i % FINER], first + Math.floor(i / FINER) - TAPS + 1];
      let sum = 0;
      for (let tap = 0; tap < 2 * TAPS; tap += 1) sum += weights[tap] * samples[from + tap];
      this.finer[i] = sum;
    }
  }
}
