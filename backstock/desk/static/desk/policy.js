// The editor of the policy: pickers are searched while typing, rows move by keys. Everything works without, with more typing.
"use strict";

function said(picker) {
  const chosen = [...picker.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.parentElement.textContent.trim());
  const how = picker.querySelector("select");
  const not = how && how.value === "not" && chosen.length ? `${how.selectedOptions[0].textContent}: ` : "";
  picker.querySelector("[data-picker-said]").textContent = chosen.length ? not + chosen.join(" · ") : picker.dataset.any;
}

// Of what is listed only what fits stays to be seen; what is ticked always does.
function narrow(picker, text) {
  for (const option of picker.querySelectorAll(".picker-option")) {
    option.hidden = !option.querySelector("input").checked && !option.textContent.toLowerCase().includes(text.toLowerCase());
  }
}

async function find(picker, text) {
  const url = new URL(picker.dataset.find, location.href);
  url.searchParams.set("q", text);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok || picker.querySelector("[data-picker-search]").value.trim() !== text) return;
  const list = picker.querySelector("[data-picker-list]");
  const known = new Set([...list.querySelectorAll("input")].map((box) => box.value));
  for (const { value, label } of (await answer.json()).found) {
    if (known.has(value)) continue;
    const option = document.createElement("label");
    option.className = "picker-option";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", className: "form-check-input", name: picker.dataset.name, value });
    const words = document.createElement("span");
    words.textContent = label;
    option.append(box, " ", words);
    list.append(option);
  }
  narrow(picker, text);
}

let waiting;
document.addEventListener("input", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (!picker || !event.target.matches("[data-picker-search]")) return;
  const text = event.target.value.trim();
  clearTimeout(waiting);
  if (picker.dataset.find && text) waiting = setTimeout(() => find(picker, text), 150);
  else narrow(picker, text);
});
document.addEventListener("change", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (picker && event.target.matches("input[type=checkbox], select")) said(picker);
});
document.addEventListener("toggle", (event) => {
  if (event.target.matches && event.target.matches("[data-picker]") && event.target.open) {
    const search = event.target.querySelector("[data-picker-search]");
    if (search && matchMedia("(pointer: fine)").matches) search.focus();
  }
}, true);
document.addEventListener("click", (event) => {
  for (const picker of document.querySelectorAll("[data-picker][open]")) if (!picker.contains(event.target)) picker.open = false;
});
document.addEventListener("keydown", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (picker && event.key === "Escape") {
    picker.open = false;
    picker.querySelector("summary").focus();
  }
  if (picker && event.key === "Enter" && event.target.matches("[data-picker-search]")) {
    event.preventDefault();
    const first = picker.querySelector(".picker-option:not([hidden]) input:not(:checked)");
    if (first) first.click();
  }
  const row = event.target.closest("[data-policy-row]");
  if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  row.querySelector(`[data-move=${event.key === "ArrowUp" ? "up" : "down"}]`).click();
});
