// Draws the tables of the overview. Without this script the tables are there alone; with it each is
// folded under its picture. Colours and type come from tokens.css; series differ by pattern and by
// the form of their points, too, so that no colour is needed to read them.
"use strict";
(() => {
  const MOST = 15; // bars; the rest stands in the table
  const FORMS = ["circle", "rect", "triangle", "diamond"];
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const small = parseFloat(token("small")) * parseFloat(style.fontSize);
  const colours = ["brand", "ok", "wait", "rest"].map(token);
  const pictures = [];

  const numbers = (table) => [...table.tBodies[0].rows].map((row) => ({
    name: row.cells[0].textContent.trim(),
    values: [...row.cells].slice(1).map((cell) => Number(cell.dataset.number)),
  }));
  const headings = (table) =>
    [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());

  const common = (label) => ({
    animation: false,
    color: colours,
    textStyle: { fontFamily: token("type"), fontSize: small, color: token("ink") },
    aria: { enabled: true, label: { description: label }, decal: { show: true } },
    // Rich text is drawn on the canvas; the other kind would write styles into the page.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    legend: { top: 0, textStyle: { fontSize: small, color: token("ink") } },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
  });
  const words = { color: token("rest"), fontSize: small };
  const line = { lineStyle: { color: token("line") } };

  const lines = (table, label) => {
    const rows = numbers(table);
    return { ...common(label),
      xAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: words },
      yAxis: { type: "value", minInterval: 1, axisLabel: words, splitLine: line },
      series: headings(table).map((name, n) => ({
        name, type: "line", symbol: FORMS[n % FORMS.length], symbolSize: 8,
        lineStyle: { type: ["solid", "dashed", "dotted"][n % 3] },
        data: rows.map((row) => row.values[n]),
      })) };
  };
  const bars = (table, label) => {
    const rows = numbers(table).slice(0, MOST);
    return { ...common(label),
      xAxis: { type: "value", minInterval: 1, axisLabel: words, splitLine: line },
      yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name),
        axisLabel: words },
      series: headings(table).slice(0, 2).map((name, n) => ({
        name, type: "bar", barMaxWidth: 14, data: rows.map((row) => row.values[n]),
        label: { show: true, position: "right", color: token("ink"), fontSize: small },
      })) };
  };

  const draw = (details) => {
    const table = details.querySelector("table");
    const label = details.parentElement.querySelector("h2").textContent.trim();
    const place = document.createElement("div");
    const kind = details.dataset.chart;
    place.className = "picture";
    place.style.height = kind === "bar"
      ? `${5 + Math.min(table.tBodies[0].rows.length, MOST) * 2.5}rem` : "18rem";
    details.before(place);
    details.open = false;
    const picture = window.echarts.init(place, null, { locale: "ZH" });
    picture.setOption(kind === "bar" ? bars(table, label) : lines(table, label));
    place.setAttribute("role", "img");
    pictures.push(picture);
  };

  if (!window.echarts) return;
  document.querySelectorAll("details.numbers").forEach(draw);
  window.addEventListener("resize", () => pictures.forEach((picture) => picture.resize()));
})();
