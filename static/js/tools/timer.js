// [data-timer]: start, pause, "still playing?", a word and a soft sound every so many minutes. It never saves: on the
// log form (data-field="id of the minutes") it writes its minutes into the form, elsewhere it leads to the form
// (data-log="address"). The state lies on this device; "timer-handed" is one whose minutes a form has got already,
// which page.js forgets when that form was saved.

import { audio, chime } from "./audio.js";
import { stayAwake } from "./awake.js";
import * as clock from "./clock.js";
import { fill, numberIn, parts, toggle } from "./fields.js";
import { forget, onOtherTab, read, write } from "./store.js";

const KEY = "timer";
const HANDED = "timer-handed";
const LOOK_MS = 500;
// How often it is written down that somebody looked: far more often than clock.js asks what happened in between.
const NOTE_MS = 10_000;

function load() {
  const kept = read(KEY) ?? read(HANDED);
  return clock.isOurs(kept) ? kept : clock.fresh();
}

function save(state) {
  forget(HANDED);
  return write(KEY, state);
}

export function setUpTimer(root) {
  const at = parts(root);
  const field = document.getElementById(root.dataset.field ?? "");
  let state = load();
  let news = "";
  let noted = 0;
  let isKept = read(KEY) !== null;

  const say = (name, minutes) => { at(name).textContent = fill(at(name).dataset.words, { minutes }); };

  function draw() {
    const now = Date.now();
    const ran = clock.elapsed(state, now);
    const isOn = state.started !== null;
    const minutes = clock.minutes(state, now);
    at("time").textContent = clock.words(ran);
    toggle(at("toggle"), isOn);
    at("toggle").hidden = ran >= clock.CAP;
    at("reset").hidden = isOn || ran === 0;
    at("use").hidden = ran === 0;
    if (!field) at("use").href = `${root.dataset.log}?minutes=${minutes}`;
    say("minutes", minutes);
    const hasDoubt = state.doubt !== null;
    if (hasDoubt) {
      say("all", minutes);
      say("sure", Math.floor(state.doubt / clock.MINUTE));
    }
    at("question").hidden = !hasDoubt;
    if (at("news").textContent !== news) at("news").textContent = news;
    stayAwake("timer", isOn);
  }

  function set(next) {
    state = next;
    isKept = save(state);
    draw();
  }

  function look() {
    // Somebody signed out, here or in another tab: what ran was theirs, and is not written down again.
    if (isKept && state.started !== null && read(KEY) === null) {
      state = clock.fresh();
      isKept = false;
      return draw();
    }
    const found = clock.look(state, Date.now());
    if (found.news) {
      const minutes = Math.floor(clock.elapsed(found.state, Date.now()) / clock.MINUTE);
      news = found.news === "cap" ? root.dataset.cap : fill(root.dataset.interval, { minutes });
    }
    if (found.state === state) return;
    const hasAsked = found.state.doubt !== null && state.doubt === null;
    if (found.news || hasAsked) {
      chime();
      navigator.vibrate?.(200);
    }
    state = found.state;
    if (found.news || hasAsked || Math.abs(Date.now() - noted) > NOTE_MS) {
      isKept = save(state);
      noted = Date.now();
    }
    draw();
  }

  at("toggle").addEventListener("click", () => {
    news = "";
    const now = Date.now();
    audio();
    set(state.started === null ? clock.start(state, now) : clock.pause(state, now));
  });
  at("reset").addEventListener("click", () => {
    news = "";
    set(clock.fresh({ every: state.every, ask: state.ask }));
    at("toggle").focus();
  });
  at("yes").addEventListener("click", () => {
    set(clock.yes(state, Date.now()));
    (at("toggle").hidden ? at("use") : at("toggle")).focus();
  });
  at("no").addEventListener("click", () => {
    set(clock.no(state));
    at("toggle").focus();
  });
  at("use").addEventListener("click", () => {
    state = clock.pause(state, Date.now());
    forget(KEY);
    write(HANDED, state);
    draw();
    if (!field) return;
    field.value = clock.minutes(state, Date.now());
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  for (const name of ["every", "ask"]) {
    const input = at(name);
    if (!input) continue;
    input.value = state[name];
    input.addEventListener("input", () => {
      const number = numberIn(input);
      if (number !== null) set({ ...state, [name]: number, sure: clock.elapsed(state, Date.now()) });
    });
  }
  onOtherTab(KEY, () => {
    state = load();
    draw();
  });
  const again = () => {
    state = load();
    look();
    draw();
  };
  window.addEventListener("pageshow", again);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(look, LOOK_MS);
  again();
  root.hidden = false;
}

document.querySelectorAll("[data-timer]").forEach(setUpTimer);
