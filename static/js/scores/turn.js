/* Turning pages by keyboard: the links of the page do it without this, too. Foot pedals send these keys. */

const WAYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

if (document.querySelector("[data-turn]")) {
  document.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const link = document.querySelector(`.pager a[rel="${way}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
}
