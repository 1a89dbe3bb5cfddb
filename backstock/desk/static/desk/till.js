// The till: what is to pay while scanning, the change, and a way through it by Enter alone. The server reckons.
"use strict";

class Till {
  constructor(form) {
    this.form = form;
    this.scan = form.querySelector("[data-lines-scan]");
    this.cash = form.querySelector("[data-till-cash]");
    this.due = null;
    this.asked = 0;
    form.addEventListener("lines:sum", () => this.soon());
    form.addEventListener("input", () => this.soon());
    form.addEventListener("keydown", (event) => this.pressed(event), true);
    this.scan.focus();
    this.soon();
  }

  soon() {
    this.change();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.reckon(), 200);
  }

  async reckon() {
    const mine = ++this.asked;
    const answer = await fetch(this.form.dataset.till, { method: "POST", body: new FormData(this.form) });
    if (!answer.ok || mine !== this.asked) return;
    const { total, text, digits, problem } = await answer.json();
    this.due = total === "" ? null : Number(total);
    this.digits = digits;
    this.form.querySelector("[data-till-total]").textContent = text || "–";
    const place = this.form.querySelector("[data-till-problem]");
    place.textContent = problem || "";
    place.hidden = !problem;
    this.change();
  }

  number(field) {
    return Number(field.value.replaceAll(",", "")) || 0;
  }

  change() {
    const place = this.form.querySelector("[data-till-change]");
    const others = [...this.form.querySelectorAll("[data-till-other]")].reduce((sum, field) => sum + this.number(field), 0);
    const back = this.due === null || !this.cash.value.trim() ? null : this.number(this.cash) + others - this.due;
    place.textContent = back === null ? "–" : back.toFixed(this.digits);
    place.classList.toggle("text-danger", back !== null && back < 0);
  }

  pressed(event) {
    if (event.key !== "Enter") return;
    if (event.target === this.scan && !this.scan.value.trim()) {
      event.preventDefault();
      event.stopPropagation();
      this.cash.focus();
      this.cash.select();
    }
  }
}

const form = document.querySelector("form[data-till]");
if (form) new Till(form);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
const next = document.querySelector("[data-till-next]");
if (next) next.focus();
