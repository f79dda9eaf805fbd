// "Mark as seen" by itself: form[data-seen] is sent once the page was really shown for a moment.
// Only ids whose element (data-entry="id", if the page marks them) has been on the screen are sent; the button stays for the rest.

const DWELL_MS = 1200;

// Not from under the focus, which would be lost with it.
function putAway(form) {
  if (form.contains(document.activeElement)) form.addEventListener("focusout", () => { form.hidden = true; }, { once: true });
  else form.hidden = true;
}

async function send(form, ids) {
  const data = new FormData(form);
  data.delete("entry");
  for (const id of ids) data.append("entry", id);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, keepalive: true });
  if (!answer.ok) throw new Error(String(answer.status));
  for (const id of ids) form.querySelector(`input[name="entry"][value="${CSS.escape(id)}"]`)?.remove();
  if (!form.querySelector('input[name="entry"]')) putAway(form);
}

function watch(form) {
  const waiting = new Map([...form.querySelectorAll('input[name="entry"]')].map((input) => [input.value, null]));
  const ready = new Set();
  let timer = 0;
  const flush = () => {
    if (!ready.size || document.visibilityState !== "visible") return;
    const ids = [...ready];
    ready.clear();
    send(form, ids).catch(() => ids.forEach((id) => waiting.set(id, null)));
  };
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      const id = target.dataset.entry;
      clearTimeout(waiting.get(id));
      if (!isIntersecting || !waiting.has(id)) continue;
      waiting.set(id, setTimeout(() => {
        waiting.delete(id);
        observer.unobserve(target);
        ready.add(id);
        clearTimeout(timer);
        timer = setTimeout(flush, 150);
      }, DWELL_MS));
    }
  }, { threshold: 0.3 });
  for (const id of waiting.keys()) {
    const shown = document.querySelector(`[data-entry="${CSS.escape(id)}"]`);
    if (shown) observer.observe(shown);
  }
  document.addEventListener("visibilitychange", flush);
}

document.querySelectorAll("form[data-seen]").forEach(watch);
