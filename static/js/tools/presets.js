// The metronome's own settings by name, kept on this device. Returns what reads them.

import { fill, parts } from "./fields.js";
import { read, write } from "./store.js";

const KEY = "presets";
const MOST = 30;

const isPreset = (preset) => typeof preset?.name === "string" && preset.name && typeof preset.settings === "object";

export function setUpPresets(root, { now, use }) {
  const at = parts(root);
  const load = () => {
    const kept = read(KEY);
    return Array.isArray(kept) ? kept.filter(isPreset).slice(0, MOST) : [];
  };

  function draw(presets) {
    at("presets").replaceChildren(...presets.map((preset) => {
      const row = at("preset").content.firstElementChild.cloneNode(true);
      row.querySelector("[data-name]").textContent = preset.name;
      row.querySelector("[data-use]").addEventListener("click", () => use(preset.settings));
      const remove = row.querySelector("[data-remove]");
      remove.setAttribute("aria-label", fill(root.dataset.removePreset, { name: preset.name }));
      remove.addEventListener("click", () => {
        keep(load().filter((other) => other.name !== preset.name));
        at("preset-name").focus();
      });
      return row;
    }));
    at("presets-full").hidden = presets.length < MOST;
  }

  function keep(presets) {
    write(KEY, presets);
    draw(presets);
  }

  at("preset-save").addEventListener("click", () => {
    const name = at("preset-name").value.trim();
    const settings = now();
    at("preset-error").hidden = Boolean(name);
    at("preset-name").setAttribute("aria-invalid", String(!name));
    if (!name) return at("preset-name").focus();
    if (!settings) return;
    const others = load().filter((other) => other.name !== name);
    if (others.length < MOST) keep([...others, { name, settings }].sort((one, other) => one.name.localeCompare(other.name)));
    at("preset-name").value = "";
  });
  at("preset-name").addEventListener("keydown", (event) => {
    if (event.key === "Enter") at("preset-save").click();
  });
  draw(load());
  return load;
}
