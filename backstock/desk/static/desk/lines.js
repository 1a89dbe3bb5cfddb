// The rows of a document: look products up while typing, scan them, add and take out rows. The server checks it all again.
"use strict";

class Lines {
  constructor(root) {
    this.root = root;
    this.rows = root.querySelector("[data-lines-rows]");
    this.total = root.querySelector("input[name$=TOTAL_FORMS]");
    this.said = root.querySelector("[data-lines-said]");
    this.scanned = Promise.resolve();
    // One product is chosen here, in fields that stand: nothing is added, and how many may be left open.
    this.one = root.dataset.lines === "one";
    // Enter in the head of the form presses its first button that sends: that must not be the one for more rows.
    for (const more of root.querySelectorAll("[data-lines-more]")) more.type = "button";
    root.addEventListener("input", (event) => this.typed(event));
    root.addEventListener("keydown", (event) => this.pressed(event));
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("focusout", (event) => setTimeout(() => this.left(event), 150));
    this.add();
  }

  // Rows

  field(row, name) {
    return row.querySelector(`[data-line="${name}"]`);
  }

  all() {
    return [...this.rows.querySelectorAll("[data-lines-row]:not([hidden])")];
  }

  blank(row) {
    return !this.field(row, "sku").value.trim() && !this.field(row, "quantity").value.trim();
  }

  make() {
    const holder = document.createElement("tbody");
    const empty = this.root.querySelector("[data-lines-empty]").innerHTML;
    holder.innerHTML = empty.replaceAll("__prefix__", this.total.value);
    this.total.value = Number(this.total.value) + 1;
    return this.rows.appendChild(holder.querySelector("[data-lines-row]"));
  }

  // Reckons what the rows come to: only to be seen while typing.
  add() {
    const place = this.root.querySelector("[data-lines-total]");
    let sum = 0;
    let priced = false;
    for (const row of this.all()) {
      const price = this.field(row, "price") || this.field(row, "cost");
      if (!price) continue;
      priced = true;
      const number = (field) => (field ? Number(field.value.replaceAll(",", "")) || 0 : 0);
      sum += number(this.field(row, "quantity")) * number(price) - number(this.field(row, "discount"));
    }
    if (place) place.textContent = priced ? sum.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) : "";
    this.root.dispatchEvent(new CustomEvent("lines:sum", { bubbles: true, detail: { sum } }));
  }

  remove(row) {
    for (const field of row.querySelectorAll("input, select, textarea")) if (field.type !== "hidden") field.value = "";
    row.hidden = true;
    this.add();
  }

  fill(row, product) {
    this.field(row, "sku").value = product.sku;
    const price = this.one && product.prices ? Object.values(product.prices)[0] : "";
    row.querySelector("[data-lines-name]").textContent = [product.name, price, product.stock].filter(Boolean).join(" · ");
    for (const name of ["unit", "price", "cost", "lot"]) {
      const field = this.field(row, name);
      if (field && !field.value && product[name]) field.value = product[name];
    }
    row.prices = product.prices;
    const quantity = this.field(row, "quantity");
    if (!quantity.value && !this.one) quantity.value = "1";
    this.close(row);
    this.add();
  }

  // Another unit has another price, unless somebody typed one.
  reprice(row, unit) {
    const price = this.field(row, "price");
    if (!price || !row.prices || !(unit in row.prices) || !Object.values(row.prices).includes(price.value)) return;
    price.value = row.prices[unit];
  }

  // Looking up

  typed(event) {
    const name = event.target.dataset.line;
    if (name === "sku") {
      clearTimeout(this.waiting);
      const field = event.target;
      this.waiting = setTimeout(() => this.find(field), 150);
    } else if (name) {
      if (name === "unit") this.reprice(event.target.closest("[data-lines-row]"), event.target.value.trim());
      this.add();
    }
  }

  address(kind, name, value) {
    const url = new URL(this.root.dataset[kind], location.href);
    url.searchParams.set(name, value);
    // What decides prices and stock is told along: fields of the form with data-lines-tell="customer" and the like.
    for (const field of document.querySelectorAll("[data-lines-tell]")) url.searchParams.set(field.dataset.linesTell, field.value);
    return url;
  }

  async find(field) {
    const row = field.closest("[data-lines-row]");
    const text = field.value.trim();
    if (!text) return this.close(row);
    const answer = await fetch(this.address("find", "q", text), { headers: { Accept: "application/json" } });
    if (!answer.ok || field.value.trim() !== text) return;
    this.offer(row, (await answer.json()).products);
  }

  offer(row, products) {
    const list = row.querySelector("[data-lines-choices]");
    list.replaceChildren(
      ...products.map((product) => {
        const choice = document.createElement("button");
        choice.type = "button";
        choice.className = "dropdown-item";
        choice.tabIndex = -1;
        choice.setAttribute("role", "option");
        const words = document.createElement("span");
        words.textContent = `${product.sku} · ${product.name}`;
        const there = document.createElement("span");
        there.className = "ms-auto ps-3 text-secondary";
        there.textContent = product.stock;
        choice.append(words, there);
        choice.product = product;
        return choice;
      }),
    );
    list.classList.toggle("show", products.length > 0);
    this.field(row, "sku").setAttribute("aria-expanded", String(products.length > 0));
  }

  close(row) {
    row.querySelector("[data-lines-choices]").classList.remove("show");
    this.field(row, "sku").setAttribute("aria-expanded", "false");
  }

  left(event) {
    const row = event.target.closest("[data-lines-row]");
    if (row && !row.contains(document.activeElement)) this.close(row);
  }

  clicked(event) {
    const choice = event.target.closest("[data-lines-choices] .dropdown-item");
    if (choice) return this.choose(choice);
    if (event.target.closest("[data-lines-remove]")) return this.remove(event.target.closest("[data-lines-row]"));
    if (event.target.closest("[data-lines-more]")) {
      event.preventDefault();
      this.field(this.make(), "sku").focus();
    }
  }

  choose(choice) {
    const row = choice.closest("[data-lines-row]");
    this.fill(row, choice.product);
    this.next(this.field(row, "sku"));
  }

  // Keys: Enter goes on to the next field and makes a new row after the last; it never sends the form by accident.

  pressed(event) {
    if (event.target.matches("[data-lines-scan]") && event.key === "Enter") {
      event.preventDefault();
      const code = event.target.value.trim();
      event.target.value = "";
      if (code) this.scanned = this.scanned.then(() => this.scan(code));
      return;
    }
    if (!event.target.dataset.line) return;
    const row = event.target.closest("[data-lines-row]");
    const open = row.querySelector("[data-lines-choices].show");
    if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      this.move(open, event.key === "ArrowDown" ? 1 : -1);
    } else if (open && event.key === "Escape") {
      this.close(row);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const choice = open && (open.querySelector(".active") || open.querySelector(".dropdown-item"));
      if (choice) this.choose(choice);
      else if (this.one && event.target.dataset.line === "sku" && event.target.value.trim()) this.scanOne(row, event.target.value.trim());
      else this.next(event.target);
    }
  }

  move(list, step) {
    const choices = [...list.querySelectorAll(".dropdown-item")];
    const at = choices.findIndex((choice) => choice.classList.contains("active"));
    for (const choice of choices) choice.classList.remove("active");
    choices[(at + step + choices.length) % choices.length].classList.add("active");
  }

  next(field) {
    const fields = this.all().flatMap((row) => [...row.querySelectorAll("[data-line]")]);
    const following = fields[fields.indexOf(field) + 1] || (this.one ? field : this.field(this.make(), "sku"));
    following.focus();
    if (following.select) following.select();
  }

  // Scanning

  async scanOne(row, code) {
    const answer = await fetch(this.address("scan", "code", code), { headers: { Accept: "application/json" } });
    const product = await answer.json();
    if (answer.ok) this.fill(row, product);
    else row.querySelector("[data-lines-name]").textContent = product.problem || code;
    if (answer.ok) this.next(this.field(row, "sku"));
  }

  async scan(code) {
    const answer = await fetch(this.address("scan", "code", code), { headers: { Accept: "application/json" } });
    const product = await answer.json();
    this.said.classList.toggle("text-danger", !answer.ok);
    if (!answer.ok) {
      this.said.textContent = product.problem || code;
      return;
    }
    const row = this.rowFor(product);
    const serials = this.field(row, "serials");
    if (product.serial && serials) {
      const known = serials.value.split(/[\s,，]+/).filter(Boolean);
      if (!known.includes(product.serial)) known.push(product.serial);
      serials.value = known.join(" ");
      this.fill(row, product);
      this.field(row, "quantity").value = known.length;
    } else {
      const quantity = this.field(row, "quantity");
      const before = this.field(row, "sku").value ? Number(quantity.value) || 0 : 0;
      this.fill(row, product);
      quantity.value = before + 1;
    }
    this.said.textContent = `${product.sku} · ${product.name} × ${this.field(row, "quantity").value}`;
    this.add();
  }

  rowFor(product) {
    const lot = (row) => (this.field(row, "lot") ? this.field(row, "lot").value : "");
    const same = (row) => this.field(row, "sku").value.trim() === product.sku && (!product.lot || [product.lot, ""].includes(lot(row)));
    return this.all().find(same) || this.all().find((row) => this.blank(row)) || this.make();
  }
}

for (const root of document.querySelectorAll("[data-lines]")) root.lines = new Lines(root);
