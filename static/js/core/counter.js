// Characters left: textarea[data-count] with a maxlength-like number in data-count, counted as the server counts (code points).

function setUp(field) {
  const limit = Number(field.dataset.count || field.maxLength);
  if (!(limit > 0)) return;
  const output = document.createElement("output");
  output.className = "field-count";
  output.setAttribute("aria-hidden", "true");
  field.after(output);
  const show = () => {
    const used = [...field.value.replaceAll("\n", "\r\n")].length;
    output.textContent = used > limit * 0.7 ? `${used} / ${limit}` : "";
    output.classList.toggle("is-over", used > limit);
  };
  field.addEventListener("input", show);
  show();
}

document.querySelectorAll("textarea[data-count]").forEach(setUp);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) event.target.querySelectorAll("textarea[data-count]").forEach(setUp);
});
