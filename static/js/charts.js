// Charts with Plotly: drawn when they come into view, in the reader's colors and script, again when the scheme changes.
// Expects div.plot[data-figure] inside figure.chart, and the figure as JSON in the script of that id; the same numbers
// stand in a table beside it. Plotly (a megabyte) is asked for when the first chart comes near.
"use strict";

const plotlyAddress = document.currentScript.dataset.plotly;
const darkScheme = window.matchMedia("(prefers-color-scheme: dark)");
let plotly = null;

function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = plotlyAddress;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      plotly = null;
      reject(new Error("Plotly"));
    };
    document.head.append(script);
  });
  return plotly;
}

// Colors are written as var(--name) in a figure; their values come from portal.css.

function withColors(content, tokens) {
  if (Array.isArray(content)) return content.map((each) => withColors(each, tokens));
  if (content && typeof content === "object") {
    return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, withColors(value, tokens)]));
  }
  const name = typeof content === "string" && content.match(/^var\((--[\w-]+)\)$/);
  return name ? tokens.getPropertyValue(name[1]).trim() : content;
}

function themed(box) {
  const figure = JSON.parse(document.getElementById(box.dataset.figure).textContent);
  const font = { family: getComputedStyle(box).fontFamily, size: 13, color: "var(--ink)" };
  const axis = { automargin: true, fixedrange: true, gridcolor: "var(--grid)", zerolinecolor: "var(--line-strong)", linecolor: "var(--line-strong)" };
  const { layout } = figure;
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  const theme = {
    font,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: ["var(--accent)", "var(--series-2)", "var(--series-3)"],
    margin: { t: 12, r: 12, b: 12, l: 12 },
    dragmode: false,
    hoverlabel: { bgcolor: "var(--surface)", bordercolor: "var(--line-strong)", font, align: "left" },
    ...layout,
    ...Object.fromEntries([...new Set(["xaxis", "yaxis", ...axes])].map((name) => [name, { ...axis, ...layout[name] }])),
  };
  return withColors({ data: figure.data, layout: theme }, getComputedStyle(document.documentElement));
}

async function draw(box) {
  const note = box.closest(".chart")?.querySelector(".plot-missing");
  try {
    const Plotly = await loadPlotly();
    const { data, layout } = themed(box);
    const config = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };
    const fresh = !box.dataset.drawn;
    await Plotly.react(box, data, layout, config);
    box.dataset.drawn = darkScheme.matches ? "dark" : "light";
    if (note) note.hidden = true;
    if (fresh) box.on("plotly_click", follow);
  } catch (error) {
    if (!note) throw error;
    note.hidden = false;
  }
}

// A point leads where its row in the table leads.

function follow(event) {
  const address = event.points.map((point) => point.customdata?.[1]).find(Boolean);
  if (address) window.location.assign(address);
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      draw(target);
    }
  },
  { rootMargin: "300px" },
);

// The room a chart will need is kept from the start, so that nothing jumps.

function wakeCharts(root) {
  root.querySelectorAll(".plot[data-figure]:not([data-awake])").forEach((box) => {
    const { layout, narrowest } = JSON.parse(document.getElementById(box.dataset.figure).textContent);
    box.dataset.awake = "yes";
    if (layout.height) box.style.height = `${layout.height}px`;
    if (narrowest) box.style.minWidth = `${narrowest}px`;
    watcher.observe(box);
  });
}

darkScheme.addEventListener("change", () => document.querySelectorAll(".plot[data-drawn]").forEach(draw));
document.addEventListener("htmx:afterSettle", (event) => wakeCharts(event.detail.elt.parentElement || document));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => wakeCharts(document));
else wakeCharts(document);
