// What a metronome plays, without a clock: pulse after pulse, each with its length in seconds.
// Settings: tempo (beats a minute), accents (one number for each beat of the bar: 2 strong, 1 plain, 0 silent),
// subdivision (pulses in a beat), play and mute (so many bars heard, then so many silent; mute 0: never),
// by, every, until (so many beats a minute faster or slower after so many bars, until that tempo; by 0: never).

export const SLOWEST = 20;
export const FASTEST = 400;

export class Beats {
  constructor(settings) {
    this.bar = 0;
    this.beat = 0;
    this.sub = 0;
    this.change(settings);
  }

  // New settings hold from the next pulse on; steps of the tempo are counted from here when the tempo is new.
  change(settings) {
    if (settings.tempo !== this.settings?.tempo) this.from = this.bar;
    this.settings = settings;
    if (this.beat >= settings.accents.length) this.beat = 0;
    if (this.sub >= settings.subdivision) this.sub = 0;
  }

  get tempo() {
    const { tempo, by, every, until } = this.settings;
    if (!by) return tempo;
    const stepped = tempo + by * Math.floor((this.bar - this.from) / every);
    const [low, high] = by > 0 ? [tempo, Math.max(tempo, until)] : [Math.min(tempo, until), tempo];
    return Math.min(high, Math.max(low, stepped, SLOWEST), FASTEST);
  }

  get isMuted() {
    const { play, mute } = this.settings;
    return mute > 0 && this.bar % (play + mute) >= play;
  }

  next() {
    const { accents, subdivision } = this.settings;
    const { tempo, beat, sub, bar, isMuted } = this;
    const level = accents[beat] === 0 ? "silent" : sub ? "sub" : accents[beat] === 2 ? "strong" : "plain";
    this.sub = (sub + 1) % subdivision;
    if (this.sub === 0) {
      this.beat = (beat + 1) % accents.length;
      if (this.beat === 0) this.bar = bar + 1;
    }
    return { length: 60 / tempo / subdivision, level, bar, beat, sub, tempo, isMuted };
  }
}

// Tempo of taps: the mean of the last gaps, so that one uneven tap does little; a long pause begins anew.
const LONGEST_GAP = 60_000 / SLOWEST;
const MOST_TAPS = 6;

export class Taps {
  moments = [];

  at(now) {
    if (now - this.moments.at(-1) > LONGEST_GAP) this.moments = [];
    this.moments = [...this.moments, now].slice(-MOST_TAPS);
    const gaps = this.moments.length - 1;
    if (gaps < 1) return null;
    const tempo = Math.round((60_000 * gaps) / (now - this.moments[0]));
    return Math.min(FASTEST, Math.max(SLOWEST, tempo));
  }
}
