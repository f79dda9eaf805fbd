// On every page: instant theme, one send per form, presets that fill, messages that close, menus that fold,
// what somebody left on the device cleared at sign-out, a kind word when a request behind the page fails. All of it
// works without, as forms.

const YEAR = 60 * 60 * 24 * 365;
const DRAFT_PREFIX = "woodshed-draft:";
const TOOLS_PREFIX = "woodshed-tools:";

function setTheme(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.bsTheme;
  else root.dataset.bsTheme = theme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", theme === "system" ? "light dark" : theme);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-switch] button");
  if (choice) {
    event.preventDefault();
    setTheme(choice.value);
    for (const other of choice.form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === choice));
  }
  const preset = event.target.closest("[data-fill] button");
  if (preset) {
    const input = document.getElementById(preset.closest("[data-fill]").dataset.fill);
    if (!input) return;
    event.preventDefault();
    input.value = preset.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    for (const other of preset.parentElement.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === preset));
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// One send per form: the second press of Save does nothing; coming back to the page frees it again.
// Before htmx hears of it, which would send the second one too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  document.querySelector("[data-toasts]")?.replaceChildren();
  if (form.matches("[data-clear-drafts]")) {
    const isTheirs = (key) => key.startsWith(DRAFT_PREFIX) || key.startsWith(TOOLS_PREFIX);
    for (const key of Object.keys(localStorage).filter(isTheirs)) localStorage.removeItem(key);
  }
  if (!form.matches("[data-submit-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  // Not `disabled`: a disabled button would leave its own value out of the form.
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) button.setAttribute("aria-disabled", "true");
}, { capture: true });

function freeForms() {
  for (const form of document.querySelectorAll("[data-submit-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}
window.addEventListener("pageshow", (event) => event.persisted && freeForms());

// What the server found wrong is where the reader goes on, though it stands far down the page. What is said of the
// whole form stands above its fields and comes first.
const wrong = document.querySelector("main form :is(.alert-danger, [aria-invalid=true]:not([type=hidden]))");
if (wrong && document.activeElement === document.body) {
  const folded = wrong.closest("details:not([open])");
  if (folded) folded.open = true;
  if (wrong.matches(".alert-danger")) wrong.tabIndex = -1;
  wrong.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "center" });
}

// Every message gets a close button, in the page's language.
function addClose(note) {
  if (note.querySelector("[data-close]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-icon";
  button.dataset.close = "";
  button.setAttribute("aria-label", note.dataset.dismissible);
  button.textContent = "×";
  button.addEventListener("click", () => note.remove());
  note.append(button);
}
document.querySelectorAll("[data-dismissible]").forEach(addClose);

// What the server saved need not be kept on the device (draft.js).
for (const saved of document.querySelectorAll("[data-draft-saved]")) {
  localStorage.removeItem(DRAFT_PREFIX + saved.dataset.draftSaved);
  // The timer whose minutes that form had got has done its work (tools/timer.js).
  localStorage.removeItem(`${TOOLS_PREFIX}timer-handed`);
  delete saved.dataset.draftSaved;
}

export function toast(kind) {
  const corner = document.querySelector("[data-toasts]");
  const template = document.querySelector(`template[data-toast="${kind}"]`);
  if (!corner || !template) return;
  corner.replaceChildren(template.content.cloneNode(true));
  corner.querySelectorAll("[data-dismissible]").forEach(addClose);
}

for (const [name, kind] of [["htmx:responseError", "failed"], ["htmx:sendError", "offline"], ["htmx:timeout", "failed"], ["woodshed:failed", "failed"]]) {
  document.addEventListener(name, () => {
    toast(kind);
    freeForms();
  });
}
