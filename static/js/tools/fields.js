// Small helpers for a tool's own form: its parts by name, numbers with a word beside the field, words with gaps.

export const parts = (root) => (name) => root.querySelector(`[data-at="${name}"]`);

// The number in the field, or null with the field's own message shown: what is not possible is not rounded.
export function numberIn(input) {
  const text = input.value.trim();
  const number = Number(text);
  const isWhole = input.step !== "any" && !Number.isInteger(number);
  const isWrong = text === "" || !Number.isFinite(number) || isWhole || number < Number(input.min) || number > Number(input.max);
  const note = document.getElementById(input.dataset.error);
  input.classList.toggle("is-invalid", isWrong);
  input.setAttribute("aria-invalid", String(isWrong));
  if (note) note.hidden = !isWrong;
  return isWrong ? null : number;
}

// "{note} is too low" with its gap filled.
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_gap, name) => values[name]);
}

// How fast a tone swings, with the decimal mark of the page's language.
export function inHertz(number) {
  const places = { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false };
  return `${number.toLocaleString(document.documentElement.lang, places)} Hz`;
}

// A button of two states: shows the word that belongs to its state, and keeps the focus.
export function toggle(button, isOn) {
  button.classList.toggle("is-on", isOn);
  for (const word of button.querySelectorAll("[data-when]")) word.hidden = (word.dataset.when === "on") !== isOn;
}

// Settings of a form part, kept under a key and given back at the next visit; an impossible one is left out.
export function collect(controls) {
  return Object.fromEntries(controls.map((control) => [control.name, control.type === "checkbox" ? control.checked : control.value]));
}

export function putBack(controls, kept) {
  for (const control of controls) {
    const value = kept?.[control.name];
    if (control.type === "checkbox" && typeof value === "boolean") control.checked = value;
    else if (typeof value === "string" && control.type !== "checkbox" && canHold(control, value)) control.value = value;
  }
}

const canHold = (control, value) => control.type === "number" || control.type === "range"
  ? value !== "" && Number(value) >= Number(control.min) && Number(value) <= Number(control.max)
  : control.tagName !== "SELECT" || [...control.options].some((option) => option.value === value);
