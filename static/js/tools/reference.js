// [data-reference]: how high the A is, and the temperament; tuner and drone share it.

import { collect, numberIn, parts, putBack } from "./fields.js";
import { read, write } from "./store.js";

const KEY = "reference";
const root = document.querySelector("[data-reference]");
const at = parts(root);
const controls = [...root.querySelectorAll("[name]")];
const tellers = [];
let last = 440;

export function reference() {
  last = numberIn(at("hz")) ?? last;
  return { hz: last, temperament: at("temperament").value, tonic: Number(at("tonic").value) };
}

export const names = root.dataset.names.split(" ");
export const onReference = (tell) => tellers.push(tell);

function changed() {
  at("tonic-row").hidden = at("temperament").value === "equal";
  const found = reference();
  at("hz-now").textContent = found.hz;
  write(KEY, collect(controls));
  for (const tell of tellers) tell(found);
}

putBack(controls, read(KEY));
root.addEventListener("input", changed);
changed();
