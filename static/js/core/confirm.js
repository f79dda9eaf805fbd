// Ask on the page instead of on a page of its own: a[data-confirm="id of a <dialog>"] opens that dialog,
// whose form posts to the same address. Without JavaScript the link leads to the confirmation page.

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-confirm]");
  if (link) {
    const dialog = document.getElementById(link.dataset.confirm);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.querySelector("form[method=post]")?.setAttribute("action", link.href);
    dialog.showModal();
  }
  event.target.closest("[data-close-dialog]")?.closest("dialog")?.close();
});
