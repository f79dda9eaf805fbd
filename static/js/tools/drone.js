// [data-drone]: one long tone to play to, in the tuner's pitch and temperament.

import { audio } from "./audio.js";
import { collect, inHertz, parts, putBack, toggle } from "./fields.js";
import { onReference, reference } from "./reference.js";
import { frequency } from "./scale.js";
import { read, write } from "./store.js";

const KEY = "drone";
// Loudness of the overtones: soft, yet to be heard from a telephone's loudspeaker.
const OVERTONES = [0, 1, 0.5, 0.35, 0.2, 0.12, 0.06];
const GLIDE = 0.03;

function setUp(root) {
  const at = parts(root);
  const controls = [...root.querySelectorAll("[name]")];
  let sounding = null;

  const hertz = () => frequency(12 * (Number(at("octave").value) + 1) + Number(at("note").value), reference());
  const loudness = () => (Number(at("volume").value) / 100) ** 2 * 0.5;

  function changed() {
    at("hertz").textContent = inHertz(hertz());
    if (!sounding) return;
    const now = sounding.tone.context.currentTime;
    sounding.tone.frequency.setTargetAtTime(hertz(), now, GLIDE);
    sounding.gain.gain.setTargetAtTime(loudness(), now, GLIDE);
  }

  function start() {
    const context = audio();
    const wave = context.createPeriodicWave(new Float32Array(OVERTONES.length), new Float32Array(OVERTONES));
    const tone = new OscillatorNode(context, { frequency: hertz(), periodicWave: wave });
    const gain = new GainNode(context, { gain: 0 });
    tone.connect(gain).connect(context.destination);
    gain.gain.setTargetAtTime(loudness(), context.currentTime, GLIDE);
    tone.start();
    sounding = { tone, gain };
  }

  function stop() {
    const now = sounding.tone.context.currentTime;
    sounding.gain.gain.setTargetAtTime(0, now, GLIDE);
    sounding.tone.stop(now + 10 * GLIDE);
    sounding = null;
  }

  at("toggle").addEventListener("click", () => {
    if (sounding) stop();
    else start();
    toggle(at("toggle"), Boolean(sounding));
  });
  root.addEventListener("input", () => {
    write(KEY, collect(controls));
    changed();
  });
  onReference(changed);
  putBack(controls, read(KEY));
  changed();
}

document.querySelectorAll("[data-drone]").forEach(setUp);
