// [data-metronome]: its form is its settings. Beats, scheduler and sound are modules of their own; here they meet the page.

import { Accents } from "./accents.js";
import { arrive } from "./arrive.js";
import { audio, click } from "./audio.js";
import { stayAwake } from "./awake.js";
import { Beats, FASTEST, SLOWEST, Taps } from "./beats.js";
import { collect, numberIn, parts, putBack, toggle } from "./fields.js";
import { setUpPresets } from "./presets.js";
import { FAR, NEAR, Scheduler } from "./scheduler.js";
import { read, write } from "./store.js";

const KEY = "metronome";
const TICK_MS = 25;
// Nobody listens to a hidden tab for longer.
const HIDDEN_MS = 60 * 60 * 1000;

function setUp(root) {
  const at = parts(root);
  const controls = [...root.querySelectorAll("input[name], select[name]")];
  const taps = new Taps();
  const accents = new Accents(root, [root.dataset.silent, root.dataset.plain, root.dataset.strong], () => changed());
  let shown = [];
  let hiddenSince = null;
  let run = null;
  const ticker = new Worker(root.dataset.ticker);

  // What the fields say; null when one of them says something impossible, with a word beside it.
  function settings() {
    const numbers = Object.fromEntries(controls.filter((control) => control.type === "number").map((control) => [control.name, numberIn(control)]));
    if (Object.values(numbers).includes(null)) return null;
    return { ...numbers, accents: accents.levels, subdivision: Number(at("subdivision").value) };
  }

  function toMistake() {
    const field = root.querySelector(".is-invalid");
    const fold = field.closest("details");
    if (fold) fold.open = true;
    field.focus();
  }

  const toKeep = () => ({ ...collect(controls), accents: accents.levels });

  function changed() {
    accents.draw(Number(at("beats").value));
    const found = settings();
    if (!found) return;
    run?.beats.change(found);
    write(KEY, toKeep());
    if (!run) at("now").textContent = found.tempo;
  }

  function setTempo(tempo) {
    at("tempo").value = Math.min(FASTEST, Math.max(SLOWEST, tempo));
    changed();
  }

  function fillIn(kept) {
    accents.take(kept?.accents);
    putBack(controls, kept);
    changed();
  }

  function play(out, time, pulse) {
    if (!pulse.isMuted && pulse.level !== "silent") click(out, time, pulse.level, Number(at("volume").value) / 100);
    if (pulse.sub === 0 && !document.hidden) shown.push({ time, pulse });
  }

  // What is seen and felt follows the sound: the moment that just leaves the loudspeaker.
  function draw() {
    if (!run) return;
    const heard = run.context.currentTime - (run.context.outputLatency || 0);
    while (shown.length && shown[0].time <= heard) {
      const { pulse } = shown.shift();
      accents.mark(at("visual").checked ? pulse.beat : null);
      at("now").textContent = Math.round(pulse.tempo * 10) / 10;
      at("quiet").hidden = !pulse.isMuted;
      if (at("vibrate").checked && pulse.level !== "silent") navigator.vibrate?.(pulse.level === "strong" ? 60 : 30);
    }
    requestAnimationFrame(draw);
  }

  function start() {
    const found = settings();
    if (!found) return toMistake();
    const context = audio();
    const out = new GainNode(context);
    const beats = new Beats(found);
    out.connect(context.destination);
    const scheduler = new Scheduler({ now: () => context.currentTime, beats, play: (time, pulse) => play(out, time, pulse) });
    run = { context, out, beats, scheduler };
    at("stopped").hidden = true;
    hiddenSince = document.hidden ? Date.now() : null;
    scheduler.start();
    ticker.postMessage(TICK_MS);
    requestAnimationFrame(draw);
    show();
  }

  function stop() {
    ticker.postMessage(0);
    run.out.disconnect();
    run = null;
    shown = [];
    accents.mark(null);
    at("quiet").hidden = true;
    show();
  }

  function show() {
    toggle(at("toggle"), Boolean(run));
    stayAwake("metronome", Boolean(run));
  }

  ticker.onmessage = () => {
    if (!run) return;
    run.scheduler.tick();
    if (hiddenSince !== null && Date.now() - hiddenSince > HIDDEN_MS) {
      stop();
      at("stopped").hidden = false;
    }
  };
  document.addEventListener("visibilitychange", () => {
    hiddenSince = document.hidden ? Date.now() : null;
    shown = [];
    if (run) run.scheduler.horizon = document.hidden ? FAR : NEAR;
    if (run) run.scheduler.tick();
  });
  at("toggle").addEventListener("click", () => (run ? stop() : start()));
  at("tap").addEventListener("click", (event) => {
    const tempo = taps.at(event.timeStamp);
    if (tempo) setTempo(tempo);
  });
  at("slower").addEventListener("click", () => setTempo((numberIn(at("tempo")) ?? 60) - 1));
  at("faster").addEventListener("click", () => setTempo((numberIn(at("tempo")) ?? 60) + 1));
  root.addEventListener("input", (event) => controls.includes(event.target) && changed());
  if (!("vibrate" in navigator)) at("vibrate").closest(".form-check").hidden = true;
  const presets = setUpPresets(root, { now: () => (settings() ? toKeep() : null), use: fillIn });
  fillIn(read(KEY));
  arrive(root, { presets, use: fillIn, setTempo });
}

document.querySelectorAll("[data-metronome]").forEach(setUp);
