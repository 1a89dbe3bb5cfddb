// The bell in the header: asks one cheap address while the page is seen, and shows how many notes are unread.
"use strict";

(function () {
  const EVERY = 30000;
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const shown = bell.querySelector("[data-bell-count]");

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(bell.dataset.bell, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const { count, text, label } = await answer.json();
      shown.textContent = count ? text : "";
      shown.hidden = !count;
      bell.setAttribute("aria-label", label);
    } catch {
      // No connection, or the page is being left: the next round asks again.
    }
  }

  document.addEventListener("DOMContentLoaded", ask);
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
})();
