// "Another line": clones <template data-line> of a formset, with __prefix__ replaced by the next number.
// <div data-lines="prefix"> holds the lines, the template and [data-add-line], a button that only scripts need.
// Without JavaScript there are empty lines in <details data-spare-lines>; here the button takes their place.

function setUp(box) {
  const total = box.querySelector(`[name="${box.dataset.lines}-TOTAL_FORMS"]`) ?? document.querySelector(`[name="${box.dataset.lines}-TOTAL_FORMS"]`);
  const limit = Number(document.querySelector(`[name="${box.dataset.lines}-MAX_NUM_FORMS"]`)?.value ?? 1000);
  const template = box.querySelector("template[data-line]");
  const button = box.querySelector("[data-add-line]");
  if (!total || !template || !button) return;
  const spare = box.querySelector("[data-spare-lines]");
  if (spare) {
    total.value = String(Number(total.value) - spare.querySelectorAll("[data-line-row]").length);
    spare.remove();
  }
  button.hidden = false;
  button.addEventListener("click", () => {
    const number = Number(total.value);
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(number));
    const line = holder.content.firstElementChild;
    (box.querySelector("[data-line-list]") ?? button.parentElement).append(line);
    total.value = String(number + 1);
    if (number + 1 >= limit) button.hidden = true;
    line.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}

document.querySelectorAll("[data-lines]").forEach(setUp);
