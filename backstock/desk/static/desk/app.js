// Small behaviours of the desk; everything works without them, only less comfortably.
"use strict";

document.addEventListener("alpine:init", () => {
  Alpine.data("theme", () => ({
    dark: document.documentElement.dataset.bsTheme === "dark",
    flip() {
      this.dark = !this.dark;
      document.documentElement.dataset.bsTheme = this.dark ? "dark" : "light";
      try {
        localStorage.setItem("backstock-theme", this.dark ? "dark" : "light");
      } catch {
        // Kept for this page only.
      }
      document.dispatchEvent(new CustomEvent("backstock:theme"));
    },
  }));

  // Rows picked in a list.
  Alpine.data("picking", () => ({
    count: 0,
    get some() {
      return this.count > 0;
    },
    get none() {
      return this.count === 0;
    },
    boxes() {
      return [...this.$root.querySelectorAll("input[name=row]")];
    },
    recount() {
      const boxes = this.boxes();
      this.count = boxes.filter((box) => box.checked).length;
      const whole = this.$root.querySelector("[data-pick-all]");
      whole.checked = this.count > 0 && this.count === boxes.length;
      whole.indeterminate = this.count > 0 && this.count < boxes.length;
    },
    all(event) {
      for (const box of this.boxes()) box.checked = event.target.checked;
      this.recount();
    },
  }));

  // Files chosen for an upload, by name and size.
  Alpine.data("files", () => ({
    chosen: [],
    list(event) {
      this.chosen = [...event.target.files].map((file) => ({
        name: file.name,
        size: file.size < 1048576 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`,
      }));
    },
  }));
});

// A hidden page asks nothing.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.detail.ctx.sourceElement.hasAttribute("data-poll")) event.preventDefault();
});

// A server or network that fails says so, whatever was asked for.
function tell(text) {
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  alert.setAttribute("role", "alert");
  alert.textContent = text;
  document.getElementById("refusals").replaceChildren(alert);
}
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.status >= 500) tell(document.body.dataset.failed);
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && !event.detail.ctx.response) tell(document.body.dataset.offline);
});

// A form is sent once: the second press of an impatient finger does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
