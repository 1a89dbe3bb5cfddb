// Draws every [data-chart] element: its option is plain data in a JSON block, the rest is the house's style.
"use strict";

(function () {
  const shown = new Map();
  const language = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  // A colour of the theme as plain rgba(): the canvas library reads no color-mix().
  const pencil = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function styled(name) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    pencil.clearRect(0, 0, 1, 1);
    pencil.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    pencil.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pencil.getImageData(0, 0, 1, 1).data;
    return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  }
  // Says how the values of one chart are written: plain numbers, percent, or money in the currency's smallest unit.
  function figureOf({ kind, symbol, digits }) {
    const places = Number(digits);
    const money = new Intl.NumberFormat("en", { minimumFractionDigits: places, maximumFractionDigits: places });
    if (kind === "money") return (value) => `${value < 0 ? "-" : ""}${symbol}${money.format(Math.abs(value) / 10 ** places)}`;
    if (kind === "percent") return (value) => `${value}%`;
    const number = new Intl.NumberFormat("en");
    return (value) => number.format(value);
  }

  function dressed(option, figure, label) {
    const ink = styled("--tblr-body-color");
    const faint = styled("--tblr-secondary");
    const rule = styled("--tblr-border-color");
    const font = getComputedStyle(document.body).fontFamily;
    const axis = (each) => ({
      ...each,
      axisLabel: { color: faint, ...(each.type === "category" ? {} : { formatter: figure }), ...each.axisLabel },
      axisLine: { lineStyle: { color: rule } },
      splitLine: { show: each.type !== "category", lineStyle: { color: rule }, ...each.splitLine },
    });
    const axes = (given) => (given ? [given].flat().map(axis) : undefined);
    return {
      color: ["#206bc4", "#d6336c", "#2fb344", "#f76707", "#ae3ec9", "#0ca678", "#f59f00"],
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      aria: { enabled: true, label: { description: label } },
      ...option,
      textStyle: { fontFamily: font, color: ink },
      legend: option.legend && { top: 0, left: 0, textStyle: { color: ink }, ...option.legend },
      xAxis: axes(option.xAxis),
      yAxis: axes(option.yAxis),
      // Tooltips are drawn on the canvas: HTML ones need inline styles, which our policy forbids.
      tooltip: { trigger: "axis", backgroundColor: styled("--tblr-bg-surface"), borderColor: rule, textStyle: { color: ink, fontFamily: font }, confine: true, valueFormatter: figure, ...option.tooltip, renderMode: "richText" },
    };
  }

  function draw(element) {
    const source = document.getElementById(element.dataset.chart);
    if (!source) return;
    const figure = figureOf(element.dataset);
    shown.get(element)?.dispose();
    const chart = echarts.init(element, null, { locale: language });
    chart.setOption(dressed(JSON.parse(source.textContent), figure, element.getAttribute("aria-label")));
    shown.set(element, chart);
  }

  function drawAll() {
    for (const [element, chart] of shown) {
      if (!element.isConnected) {
        chart.dispose();
        shown.delete(element);
      }
    }
    for (const element of document.querySelectorAll("[data-chart]")) if (!shown.has(element)) draw(element);
  }

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:after:swap", drawAll);
  document.addEventListener("backstock:theme", () => [...shown.keys()].forEach(draw));
  window.addEventListener("resize", () => shown.forEach((chart) => chart.resize()));
  window.addEventListener("beforeprint", () => shown.forEach((chart) => chart.resize()));
})();
