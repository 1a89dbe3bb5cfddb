// Sets light or dark before the first paint; loaded without defer on purpose.
(function () {
  "use strict";
  let chosen = null;
  try {
    chosen = localStorage.getItem("backstock-theme");
  } catch {
    // No storage: the system's choice it is.
  }
  const dark = chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  document.documentElement.classList.add("scripted");
})();
