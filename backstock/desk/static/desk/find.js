// Finds the goods of a step by scanning: those of this page are marked at once, a label of another return leads there.
"use strict";

class Finder {
  constructor(form) {
    this.form = form;
    this.code = form.querySelector("[name=code]");
    form.addEventListener("submit", (event) => {
      const code = this.code.value.trim();
      if (!code) return event.preventDefault();
      const line = this.line((said) => said.lot === code || said.serial === code || said.sku === code);
      if (!line) return;
      event.preventDefault();
      this.code.value = "";
      this.mark(line);
    });
    // Where a label led from another page.
    const asked = new URLSearchParams(location.search);
    if (asked.get("sku")) {
      const code = asked.get("code");
      const line = this.line((said) => said.sku === asked.get("sku") && (!code || said.lot === code || said.serial === code));
      if (line) this.mark(line);
    }
  }

  line(fits) {
    return [...document.querySelectorAll(".step-line")].find((line) => {
      const said = (name) => line.querySelector(`input[type=hidden][name$="-${name}"]`)?.value || "";
      return fits({ sku: said("sku"), lot: said("lot"), serial: said("serial") });
    });
  }

  mark(line) {
    for (const each of document.querySelectorAll(".step-line.found")) each.classList.remove("found");
    line.classList.add("found");
    line.scrollIntoView({ block: "center" });
    const field = line.querySelector("input:not([type=hidden]), select");
    if (field) {
      field.focus({ preventScroll: true });
      if (field.select) field.select();
    }
  }
}

for (const form of document.querySelectorAll("[data-find-goods]")) new Finder(form);
