// The inbox by keyboard. While the focus is on an entry or in it: J and K move, R opens the talk in place, E is done, X chooses it for
// one reply to several. In a reply Ctrl+Enter sends, Escape goes back to the entry, Alt+1 to Alt+9 put in a snippet. Nothing
// listens while the focus is elsewhere, so no key does what somebody did not mean. All of it works without, as links and forms.

import { toast } from "../core/page.js";

const inbox = document.querySelector("[data-inbox]");
const items = () => [...inbox.querySelectorAll("[data-news]")];
const snippets = document.querySelector("template[data-snippets]");
const seen = document.getElementById("seen");

function goTo(item) {
  if (!item) return;
  for (const other of items()) other.tabIndex = other === item ? 0 : -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function step(item, by) {
  const all = items();
  const next = all[all.indexOf(item) + by];
  if (next) goTo(next);
  else if (by > 0) inbox.querySelector(".pager a")?.focus();
}

async function markDone(item, moves) {
  const button = item.querySelector("button[name=mark]");
  if (!button || item.dataset.done) return;
  item.dataset.done = "1";
  const data = new FormData(seen, button);
  if (moves) step(item, 1);
  try {
    const answer = await fetch(seen.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, keepalive: true });
    if (!answer.ok) throw new Error(String(answer.status));
    button.disabled = true;
    const box = item.querySelector("input[type=checkbox]");
    box.checked = false;
  } catch {
    delete item.dataset.done;
    toast(navigator.onLine ? "failed" : "offline");
  }
}

const talkOf = (item) => item.querySelector(".inbox-talk");

function openTalk(item) {
  for (const other of items()) if (other !== item) talkOf(other).replaceChildren();
  const field = talkOf(item).querySelector("textarea");
  if (field) field.focus();
  else item.querySelector("[data-reply]").click();
}

function offerSnippets(form) {
  if (form.querySelector("[data-snippet]") || !snippets.content.firstElementChild) return;
  form.querySelector("textarea").parentElement.before(snippets.content.firstElementChild.cloneNode(true));
}

// Where the cursor stands, as if typed: draft.js and counter.js hear of it.
function putIn(field, text) {
  const name = field.closest("[data-news]")?.dataset.name;
  const said = name ? text.replaceAll("{name}", name) : text;
  field.setRangeText(said, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function inField(event) {
  const field = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
  } else if (event.key === "Escape") {
    goTo(field.closest("[data-news]"));
  } else if (event.altKey && event.code.startsWith("Digit")) {
    const chosen = field.form.querySelectorAll("[data-snippet]")[Number(event.code.slice(5)) - 1];
    if (!chosen) return;
    event.preventDefault();
    putIn(field, chosen.dataset.snippet);
  }
}

const KEYS = {
  j: (item) => step(item, 1),
  k: (item) => step(item, -1),
  e: (item) => markDone(item, true),
  r: (item) => openTalk(item),
  x: (item) => item.querySelector("input[type=checkbox]").click(),
};

inbox.addEventListener("keydown", (event) => {
  if (event.target.matches("textarea")) return inField(event);
  const act = KEYS[event.key.toLowerCase()];
  const item = event.target.closest("[data-news]");
  const isTyping = event.target.matches("input:not([type=checkbox]), select, [contenteditable]");
  if (!act || !item || isTyping || event.ctrlKey || event.altKey || event.metaKey) return undefined;
  event.preventDefault();
  return act(item);
});

inbox.addEventListener("click", (event) => {
  const snippet = event.target.closest("[data-snippet]");
  if (snippet) putIn(snippet.closest("form").querySelector("textarea"), snippet.dataset.snippet);
  const done = event.target.closest("button[name=mark]");
  if (done) {
    event.preventDefault();
    markDone(done.closest("[data-news]"), true);
  }
});

// The talk that came into an entry: the form at hand, the cursor in it. After a reply the entry is done.
const status = document.getElementById("talk-status");
let heard = null;
document.addEventListener("htmx:load", (event) => {
  const item = event.target.closest?.("[data-news]");
  if (!item) return;
  const forms = [...talkOf(item).querySelectorAll("form:has(textarea)")];
  const said = status.firstElementChild;
  if (said && said !== heard) {
    heard = said;
    talkOf(item).replaceChildren();
    markDone(item, true);
    return;
  }
  forms.forEach(offerSnippets);
  forms[0]?.querySelector("textarea").focus();
});

items().forEach((item, number) => { item.tabIndex = number ? -1 : 0; });
// Who came by a link to the entries goes on with the keys at once.
if (location.hash === "#news") items()[0]?.focus();
const several = document.getElementById("replies");
if (several) offerSnippets(several);
