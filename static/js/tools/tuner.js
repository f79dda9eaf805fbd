// [data-tuner]: listens only between the press on the button and the next one, or until the page is left. Nothing that
// it hears leaves the page.

import { audio } from "./audio.js";
import { stayAwake } from "./awake.js";
import { fill, inHertz, parts, toggle } from "./fields.js";
import { Ear } from "./pitch.js";
import { names, reference } from "./reference.js";
import { name, nearest } from "./scale.js";

const LISTEN_MS = 90;
const SPEAK_MS = 2500;
// As many readings are looked at together; the middle one counts, so that one wrong one is not seen.
const READINGS = 5;
const IN_TUNE = 3;
const PROBLEMS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "absent", NotReadableError: "busy" };

function setUp(root) {
  const at = parts(root);
  let open = null;
  let readings = [];
  let spokenAt = 0;
  let wanted = 0;

  function say(problem) {
    for (const text of root.querySelectorAll("[data-problem]")) text.hidden = text.dataset.problem !== problem;
  }

  async function start() {
    say("");
    const mine = ++wanted;
    toggle(at("toggle"), true);
    let stream = null;
    try {
      if (!navigator.mediaDevices) throw Object.assign(new Error("no microphone here"), { name: "NoPlace" });
      // What makes voices clear on the telephone bends a tone.
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
    } catch (problem) {
      if (mine === wanted) stop();
      return say(PROBLEMS[problem.name] ?? (problem.name === "NoPlace" ? "unsafe" : "other"));
    }
    // Stopped again before the browser had asked to the end.
    if (mine !== wanted) return stream.getTracks().forEach((track) => track.stop());
    const context = audio();
    const ear = new Ear(context.sampleRate);
    const source = context.createMediaStreamSource(stream);
    const analyser = new AnalyserNode(context, { fftSize: ear.size });
    source.connect(analyser);
    const samples = new Float32Array(ear.size);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      hear(ear.hear(samples));
    }, LISTEN_MS);
    stream.getTracks().forEach((track) => track.addEventListener("ended", () => open?.stream === stream && stop()));
    open = { stream, source, timer };
    stayAwake("tuner", true);
  }

  function stop() {
    wanted += 1;
    if (open) {
      clearInterval(open.timer);
      open.source.disconnect();
      open.stream.getTracks().forEach((track) => track.stop());
    }
    open = null;
    readings = [];
    toggle(at("toggle"), false);
    stayAwake("tuner", false);
    draw(null);
    at("spoken").textContent = "";
  }

  function hear(hz) {
    readings = hz ? [...readings, hz].slice(-READINGS) : readings.slice(1);
    const sorted = readings.toSorted((one, other) => one - other);
    draw(readings.length > READINGS / 2 ? sorted[Math.floor(sorted.length / 2)] : null);
  }

  function draw(hz) {
    at("needle").classList.toggle("is-idle", hz === null);
    if (hz === null) {
      at("note").textContent = "–";
      at("cents").textContent = "";
      at("hertz").textContent = "";
      root.classList.remove("is-in-tune");
      return;
    }
    const { note, cents } = nearest(hz, reference());
    const rounded = Math.round(cents);
    const isIn = Math.abs(cents) <= IN_TUNE;
    const key = isIn ? "in" : Math.abs(rounded) === 1 ? (cents < 0 ? "lowOne" : "highOne") : cents < 0 ? "low" : "high";
    const text = fill(root.dataset[key], { note: name(note, names), cents: Math.abs(rounded) });
    at("note").textContent = name(note, names);
    at("cents").textContent = `${rounded > 0 ? "+" : rounded < 0 ? "−" : "±"}${Math.abs(rounded)}`;
    at("hertz").textContent = inHertz(hz);
    at("needle").style.setProperty("--cents", String(Math.max(-50, Math.min(50, cents))));
    root.classList.toggle("is-in-tune", isIn);
    if (at("spoken").textContent !== text && Date.now() - spokenAt > SPEAK_MS) {
      at("spoken").textContent = text;
      spokenAt = Date.now();
    }
  }

  at("toggle").addEventListener("click", () => (at("toggle").classList.contains("is-on") ? stop() : start()));
  document.addEventListener("visibilitychange", () => document.hidden && open && stop());
  window.addEventListener("pagehide", () => open && stop());
  draw(null);
}

document.querySelectorAll("[data-tuner]").forEach(setUp);
