// Who comes from a piece (#for=Minuet&tempo=96) finds its preset in the fields, or the tempo of the link with
// the piece's name ready to keep. What stands behind # reaches no server.

import { parts } from "./fields.js";

export function arrive(root, { presets, use, setTempo }) {
  const at = parts(root);

  function look() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const name = asked.get("for")?.trim().slice(0, at("preset-name").maxLength);
    if (!name) return;
    const preset = presets().find((each) => each.name === name);
    if (preset) use(preset.settings);
    else if (Number(asked.get("tempo"))) setTempo(Number(asked.get("tempo")));
    at("preset-name").value = name;
    at("preset-name").closest("details").open = !preset;
    at("toggle").focus();
  }

  window.addEventListener("hashchange", look);
  // Once the tools are shown: nothing hidden takes the focus.
  requestAnimationFrame(look);
}
