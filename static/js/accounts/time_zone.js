// Knows the browser's time zone, so that nobody has to look theirs up: fills hidden fields, and offers it beside
// a visible one that says something else (accounts/_zones.html).
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// Two names may be one zone (Asia/Calcutta, Asia/Kolkata): the browser knows.
function isSame(name) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone === zone;
  } catch {
    return false;
  }
}

function offer(input, note) {
  const city = zone.split("/").at(-1).replaceAll("_", " ");
  const isListed = [...input.list.options].some((option) => option.value === city);
  const name = isListed ? city : zone;
  note.querySelector("[data-zone-city]").textContent = name;
  note.querySelector("button").addEventListener("click", () => {
    input.value = name;
    note.hidden = true;
    input.focus();
  });
  input.after(note);
  note.hidden = false;
}

if (zone) {
  for (const input of document.querySelectorAll("input[data-time-zone]")) input.value ||= zone;
  const input = document.querySelector("input[data-zone]");
  const note = document.querySelector("[data-zone-offer]");
  if (input && note && !isSame(input.dataset.zone)) offer(input, note);
}
