// "Mark as seen" by itself: form[data-seen] is sent once the page was really shown for a moment.
// Each input[name="mark"] belongs to an entry (data-of="id"). Only marks whose entry's element (data-entry="id") has been on
// the screen are sent; the button stays for the rest.

const DWELL_MS = 1200;

// Not from under the focus, which would be lost with it.
function putAway(form) {
  if (form.contains(document.activeElement)) form.addEventListener("focusout", () => { form.hidden = true; }, { once: true });
  else form.hidden = true;
}

async function send(form, ids) {
  const data = new FormData(form);
  const shown = [...form.querySelectorAll('input[name="mark"]')].filter((input) => ids.includes(input.dataset.of));
  data.delete("mark");
  for (const input of shown) data.append("mark", input.value);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, keepalive: true });
  if (!answer.ok) throw new Error(String(answer.status));
  for (const input of shown) input.remove();
  if (!form.querySelector('input[name="mark"]')) putAway(form);
}

function watch(form) {
  const waiting = new Map([...form.querySelectorAll('input[name="mark"]')].map((input) => [input.dataset.of, null]));
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
