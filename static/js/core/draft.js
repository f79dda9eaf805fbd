// Draft keeper. <form data-draft="key"> keeps what was typed on this device for at most seven days and gives it
// back after a lost session or a failed request. Never passwords, files, hidden fields; except a hidden one with
// data-draft-kept: what the words belong to, so that old words never pass for new ones. Nor what has data-draft-never:
// for whom something is, each time anew, so that nobody gets what was meant for another. The key should name
// the person and the thing ("entry:<student>"). Cleared when the server answers with data-draft-saved="key"
// (a message whose extra_tags is the key does) and at sign-out, both in page.js, and by "start again" here.
// Where htmx swaps forms, what stood in them half-written moves on into the new ones.
// The note's words come from <template data-draft-note> (components/draft_note.html).

const PREFIX = "woodshed-draft:";
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
const SKIP = new Set(["password", "hidden", "file", "submit", "button"]);

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key));
    if (draft && Date.now() - draft.at < KEEP_MS) return draft;
  } catch { /* storage off or not ours: no draft */ }
  forget(key);
  return null;
}

function write(key, fields) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields }));
  } catch { /* storage full or off: typing must go on */ }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch { /* nothing to forget */ }
}

function forgetOld() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) read(key.slice(PREFIX.length));
}

const isKept = (control) => control.name && !("draftNever" in control.dataset) && (!SKIP.has(control.type) || "draftKept" in control.dataset);
const controls = (form) => [...form.elements].filter(isKept);

function collect(form) {
  return controls(form).map((control) => {
    const togglable = control.type === "checkbox" || control.type === "radio";
    const value = control.multiple ? [...control.selectedOptions].map((option) => option.value) : control.value;
    return [control.name, value, togglable ? control.checked : null];
  });
}

// Lines that lines.js had added: ask it for as many again (so a page loads lines.js before this file).
function growLines(form, fields) {
  for (const box of form.querySelectorAll("[data-lines]")) {
    const pattern = new RegExp(`^${box.dataset.lines}-(\\d+)-`);
    const needed = Math.max(0, ...fields.map(([name]) => Number(pattern.exec(name)?.[1] ?? -1) + 1));
    const total = form.elements[`${box.dataset.lines}-TOTAL_FORMS`];
    const button = box.querySelector("[data-add-line]");
    while (total && button && !button.hidden && Number(total.value) < needed) {
      const before = total.value;
      button.click();
      if (total.value === before) break;
    }
  }
}

function restore(form, fields) {
  growLines(form, fields);
  let changed = false;
  const left = [...fields];
  for (const control of controls(form)) {
    const togglable = control.type === "checkbox" || control.type === "radio";
    const index = left.findIndex(([name, value]) => name === control.name && (!togglable || value === control.value));
    if (index < 0) continue;
    const [, value, checked] = left.splice(index, 1)[0];
    let differs = false;
    if (togglable) {
      differs = control.checked !== checked;
      control.checked = checked;
    } else if (control.multiple) {
      for (const option of control.options) {
        differs ||= option.selected !== value.includes(option.value);
        option.selected = value.includes(option.value);
      }
    } else if (control.value !== value) {
      differs = true;
      control.value = value;
    }
    changed ||= differs;
    for (let fold = control.closest("details"); fold && differs; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  return changed;
}

function showNote(form, key) {
  const template = document.querySelector("template[data-draft-note]");
  if (!template) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.querySelector("[data-draft-discard]")?.addEventListener("click", () => {
    forget(key);
    form.reset();
    note.remove();
  });
  form.prepend(note);
}

const saves = new Map();

function keep(form, inPlace = false) {
  const key = form.dataset.draft;
  const first = JSON.stringify(collect(form));
  const draft = read(key);
  if (draft && restore(form, draft.fields) && !inPlace) showNote(form, key);
  let timer = 0;
  const save = () => {
    if (!form.isConnected) return;
    const now = collect(form);
    if (JSON.stringify(now) !== first) write(key, now);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  form.addEventListener("submit", save);
  saves.set(form, save);
}

const saveAll = () => saves.forEach((save) => save());

forgetOld();
document.querySelectorAll("form[data-draft]").forEach((form) => keep(form));
window.addEventListener("pagehide", saveAll);
document.addEventListener("htmx:beforeSwap", saveAll);
document.addEventListener("htmx:load", () => {
  for (const saved of document.querySelectorAll("[data-draft-saved]")) {
    forget(saved.dataset.draftSaved);
    delete saved.dataset.draftSaved;
  }
  for (const form of saves.keys()) if (!form.isConnected) saves.delete(form);
  for (const form of document.querySelectorAll("form[data-draft]")) if (!saves.has(form)) keep(form, true);
});
