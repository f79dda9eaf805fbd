// The beats of a bar as buttons: a press makes one strong, silent or normal; the one that sounds is marked.

const LEVELS = 3;

export class Accents {
  levels = [2, 1, 1, 1];

  constructor(root, words, tell) {
    this.row = root.querySelector('[data-at="accents"]');
    this.template = root.querySelector('[data-at="accent"]');
    this.words = words;
    this.row.addEventListener("click", (event) => {
      const number = [...this.row.children].indexOf(event.target.closest("button"));
      if (number < 0) return;
      this.levels = this.levels.map((level, other) => (other === number ? (level + LEVELS - 1) % LEVELS : level));
      tell();
    });
  }

  take(levels) {
    if (Array.isArray(levels) && levels.every((level) => [0, 1, 2].includes(level))) this.levels = levels;
  }

  draw(count) {
    this.levels = Array.from({ length: count }, (_, number) => this.levels[number] ?? 1);
    const { row } = this;
    while (row.children.length > count) row.lastElementChild.remove();
    while (row.children.length < count) row.append(this.template.content.firstElementChild.cloneNode(true));
    [...row.children].forEach((button, number) => {
      button.dataset.level = this.levels[number];
      button.querySelector("[data-number]").textContent = number + 1;
      button.querySelector("[data-level-word]").textContent = this.words[this.levels[number]];
    });
  }

  mark(now) {
    [...this.row.children].forEach((button, number) => button.classList.toggle("is-now", number === now));
  }
}
