/* Bar charts. A chart is drawn from the table in its figure, so that whoever does
   not see it has the same numbers: the columns with data-series are stacked, the
   head of each row is its label. */
"use strict";
(function () {
  const drawn = new Map();

  const number = (cell) => Number(cell.dataset.n || 0);

  function read(figure) {
    const heads = [...figure.querySelectorAll("thead th")];
    const series = heads.flatMap((th, column) => th.dataset.series ? [{ name: th.dataset.series, column }] : []);
    const rows = [...figure.querySelectorAll("tbody tr")].map((tr) => [...tr.cells]);
    return {
      series: series.map((s) => s.name),
      labels: rows.map((cells) => cells[0].dataset.short || cells[0].textContent.trim()),
      values: series.map((s) => rows.map((cells) => number(cells[s.column]))),
    };
  }

  /* The first series stands on the ground; uPlot draws the highest sum first and
     the others over it. */
  function stack(values) {
    const sums = [];
    values.forEach((column, i) => sums.push(column.map((n, x) => n + (i ? sums[i - 1][x] : 0))));
    return sums.reverse();
  }

  /* What tells the series apart besides the colour. */
  function fill(style, name) {
    const color = style.getPropertyValue("--chart-" + name).trim();
    const ground = style.getPropertyValue("--panel").trim();
    const kind = style.getPropertyValue("--hatch-" + name).trim();
    if (!kind) return color;
    const size = 8 * devicePixelRatio;
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const c = tile.getContext("2d");
    c.fillStyle = color;
    c.fillRect(0, 0, size, size);
    c.strokeStyle = c.fillStyle = ground;
    c.lineWidth = size / 5;
    c.beginPath();
    if (kind === "lines") {
      c.moveTo(-size, size * 2); c.lineTo(size * 2, -size);
      c.moveTo(-size, size); c.lineTo(size, -size);
      c.moveTo(0, size * 2); c.lineTo(size * 2, 0);
      c.stroke();
    } else {
      c.arc(size / 2, size / 2, size / 4, 0, 7);
      c.fill();
    }
    return c.createPattern(tile, "repeat");
  }

  function options(figure, data, width, height) {
    const style = getComputedStyle(figure);
    const px = parseFloat(style.fontSize);
    const font = Math.round(px * 0.85) + "px " + style.fontFamily;
    const ink = style.getPropertyValue("--muted").trim(), line = style.getPropertyValue("--border").trim();
    const count = data.labels.length;
    const widest = Math.max(1, ...data.labels.map((l) => l.length));
    const step = Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / ((widest + 2) * px * 0.5)))));
    return {
      width, height, legend: { show: false }, cursor: { show: false }, padding: [px * 0.6, px * 1.4, 0, 0],
      scales: {
        x: { time: false, range: [-0.6, Math.max(count, 4) - 0.4] },
        y: { range: (_, __, max) => [0, Math.max(4, Math.ceil((max || 0) * 1.1))] },
      },
      axes: [
        {
          stroke: ink, font, size: px * 1.9, gap: px * 0.3, grid: { show: false }, ticks: { show: false },
          splits: () => data.labels.map((_, i) => i).filter((i) => i % step === 0),
          values: (_, at) => at.map((i) => data.labels[i]),
        },
        {
          stroke: ink, font, size: px * 2.8, gap: px * 0.3, grid: { stroke: line, width: 1 }, ticks: { show: false },
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000], space: px * 2.4,
        },
      ],
      series: [{}, ...[...data.series].reverse().map((name) => ({
        label: name, points: { show: false }, width: 0, stroke: style.getPropertyValue("--chart-" + name).trim(),
        fill: () => fill(style, name), paths: uPlot.paths.bars({ size: [0.82, px * 5] }),
      }))],
    };
  }

  function draw(figure) {
    const room = figure.querySelector(".plot");
    const old = drawn.get(figure);
    if (old) old.destroy();
    drawn.delete(figure);
    const width = room.clientWidth, height = room.clientHeight, data = read(figure);
    const empty = !data.values.some((column) => column.some((n) => n > 0));
    figure.classList.toggle("without", empty);
    if (empty || width < 40 || height < 40) return;
    drawn.set(figure, new uPlot(options(figure, data, width, height), [data.labels.map((_, i) => i), ...stack(data.values)], room));
  }

  const all = () => document.querySelectorAll("figure.chart").forEach(draw);
  const sized = new ResizeObserver((entries) => entries.forEach((e) => draw(e.target.closest("figure"))));
  document.querySelectorAll("figure.chart .plot").forEach((room) => sized.observe(room));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  addEventListener("beforeprint", all);
  window.drawChart = draw;
})();
