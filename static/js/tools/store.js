// What the tools keep on this device. The prefix is page.js's, too: what stands under it goes at sign-out.

const PREFIX = "woodshed-tools:";

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch { /* storage off or not ours: as if there were nothing */
    return null;
  }
}

// Whether it was kept: where storage is full or off, the tool works on until the page is left.
export function write(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch { /* nothing to forget */ }
}

// Another tab of the same browser changed it.
export function onOtherTab(key, tell) {
  window.addEventListener("storage", (event) => event.key === PREFIX + key && tell());
}
