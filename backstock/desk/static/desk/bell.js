// The counts in the header, notes that are unread and returns that are late: each asks one cheap address while the page is seen.
"use strict";

(function () {
  const EVERY = 30000;
  const bells = document.querySelectorAll("[data-bell]");
  if (!bells.length) return;

  async function ask(bell) {
    const shown = bell.querySelector("[data-bell-count]");
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

  function askAll() {
    if (!document.hidden) bells.forEach(ask);
  }

  document.addEventListener("DOMContentLoaded", askAll);
  document.addEventListener("visibilitychange", askAll);
  setInterval(askAll, EVERY);
})();
