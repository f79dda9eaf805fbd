/* Turning pages by keyboard: the links of the page do it without this, too. Foot pedals send these keys. */

const ARROWS = { ArrowRight: "next", ArrowLeft: "prev" };
const SCREENS = { PageDown: "next", PageUp: "prev" };

const stand = document.querySelector("[data-turn]");

/* Whoever reads a page that is larger than the window moves down it by these keys, and turns it at its end. */
function isReadTo(way) {
  const { top, bottom } = stand.getBoundingClientRect();
  return way === "next" ? bottom <= window.innerHeight + 1 : top >= -1;
}

function wayOf(key) {
  const way = SCREENS[key];
  return ARROWS[key] ?? (way && isReadTo(way) ? way : undefined);
}

if (stand) {
  document.addEventListener("keydown", (event) => {
    const way = wayOf(event.key);
    /* A key that is held down would run through the whole book. */
    if (!way || event.repeat || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const link = document.querySelector(`.pager a[rel="${way}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
}
