// The screen stays on while a tool is in use that somebody looks at. A wish: where it is refused, nothing happens.

const wanted = new Set();
let lock = null;

async function hold() {
  if (!wanted.size || lock || document.hidden) return;
  try {
    lock = await navigator.wakeLock?.request("screen") ?? null;
    lock?.addEventListener("release", () => { lock = null; });
    if (!wanted.size) lock?.release();
  } catch { /* the battery is low, or nobody pressed anything yet */ }
}

export function stayAwake(who, isOn) {
  if (isOn) wanted.add(who);
  else wanted.delete(who);
  if (wanted.size) hold();
  else lock?.release();
}

document.addEventListener("visibilitychange", hold);
