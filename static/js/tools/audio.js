// One audio clock for the page; it may run only after somebody pressed something.

let context = null;

export function audio() {
  context ??= new AudioContext({ latencyHint: "interactive" });
  if (context.state !== "running") context.resume().catch(() => { /* no press yet: the next one will do */ });
  return context;
}

const CLICKS = { strong: [1760, 1], plain: [1175, 0.75], sub: [880, 0.4] };
const LENGTH = 0.05;

// A short tone that begins at its moment, to the sample.
export function click(to, time, level, volume = 1) {
  const [hz, loudness] = CLICKS[level];
  const { context: at } = to;
  const gain = new GainNode(at, { gain: 0 });
  const tone = new OscillatorNode(at, { frequency: hz, type: "triangle" });
  gain.gain.setValueAtTime(loudness * volume, time);
  gain.gain.exponentialRampToValueAtTime(0.001, time + LENGTH);
  tone.connect(gain).connect(to);
  tone.start(time);
  tone.stop(time + LENGTH);
}

// Two soft notes: time is up, or the question stands. Where sound is not allowed yet, nothing.
export function chime() {
  if (!context || context.state !== "running") return;
  [660, 880].forEach((hz, number) => {
    const time = context.currentTime + 0.02 + number * 0.25;
    const gain = new GainNode(context, { gain: 0 });
    const tone = new OscillatorNode(context, { frequency: hz });
    gain.gain.setValueAtTime(0, time);
    gain.gain.linearRampToValueAtTime(0.3, time + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, time + 0.8);
    tone.connect(gain).connect(context.destination);
    tone.start(time);
    tone.stop(time + 0.8);
  });
}
