// Saves what a figure shows: the drawing as SVG or PNG, its table as CSV, each with what made it. Nothing here draws.
(function () {
  "use strict";
  const made = () => (document.getElementById("made-by") || { textContent: "" }).textContent.trim();
  const save = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    // A busy machine begins to fetch what was asked for long after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), 120000);
  };
  const lines = (text, most) => {
    const found = [""];
    for (const word of text.split(/\s+/)) {
      const last = found.length - 1;
      if (found[last] && found[last].length + word.length + 1 > most) found.push(word);
      else found[last] += (found[last] ? " " : "") + word;
    }
    return found.filter(Boolean);
  };
  const NS = "http://www.w3.org/2000/svg";
  const put = (into, name, attributes, text) => {
    const made = document.createElementNS(NS, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text !== undefined) made.textContent = text;
    into.append(made);
    return made;
  };
  // The drawing with its title above and its foot below, in the light colours that each attribute carries.
  const alone = (figure) => {
    const drawing = figure.querySelector(".wide svg");
    const [width, height] = ["width", "height"].map((side) => Number(drawing.getAttribute(side)));
    const title = lines(figure.querySelector("figcaption").textContent, Math.floor(width / 9));
    const note = figure.querySelector(".note");
    const foot = lines((note ? note.textContent + " " : "") + made(), Math.floor(width / 6.2));
    const top = 16 + 20 * title.length;
    const all = top + height + 18 + 15 * foot.length;
    const whole = document.createElementNS(NS, "svg");
    const attributes = { xmlns: NS, width, height: all, viewBox: `0 0 ${width} ${all}`, "font-family": "system-ui,Helvetica,Arial,sans-serif" };
    for (const key in attributes) whole.setAttribute(key, attributes[key]);
    put(whole, "rect", { width: "100%", height: "100%", fill: "#FFFFFF" });
    title.forEach((line, k) => put(whole, "text", { x: 8, y: 22 + 20 * k, "font-size": 16, "font-weight": 600, fill: "#1B1F24" }, line));
    const inner = drawing.cloneNode(true);
    inner.setAttribute("x", 0);
    inner.setAttribute("y", top);
    whole.append(inner);
    foot.forEach((line, k) => put(whole, "text", { x: 8, y: top + height + 16 + 15 * k, "font-size": 11, fill: "#565D66" }, line));
    const text = new XMLSerializer().serializeToString(whole).replace(/var\(--[\w-]+,\s*(#[0-9A-Fa-f]{6})\)/g, "$1");
    return { text, width, height: all };
  };
  const svg = (figure) => save(figure.dataset.picture + ".svg", new Blob([alone(figure).text], { type: "image/svg+xml" }));
  // `button` says so where the browser cannot make an image; the drawing as SVG can still be had.
  const png = (figure, button) => {
    const drawn = alone(figure);
    const image = new Image();
    const failed = () => {
      button.textContent = button.dataset.failed;
      button.removeAttribute("aria-label");
    };
    image.onerror = failed;
    const address = URL.createObjectURL(new Blob([drawn.text], { type: "image/svg+xml" }));
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * drawn.width;
      canvas.height = 2 * drawn.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => (blob ? save(figure.dataset.picture + ".png", blob) : failed()), "image/png");
      URL.revokeObjectURL(address);
    };
    image.src = address;
  };
  const csv = (figure) => {
    const cell = (text) => (/[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text);
    const rows = [...figure.querySelectorAll("details.data tr")];
    const body = rows.map((row) => [...row.cells].map((held) => cell(held.textContent)).join(","));
    save(figure.dataset.picture + ".csv", new Blob(["# " + made() + "\n" + body.join("\n") + "\n"], { type: "text/csv" }));
  };
  const equip = (figure) => {
    if (figure.querySelector(".save")) return;
    const bar = document.createElement("p");
    bar.className = "save";
    const title = figure.querySelector("figcaption").textContent;
    for (const [name, act] of [["SVG", svg], ["PNG", png], ["CSV", csv]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.dataset.failed = name + " could not be made";
      button.setAttribute("aria-label", `Save as ${name}: ${title}`);
      button.addEventListener("click", () => act(figure, button));
      bar.append(button);
    }
    figure.append(bar);
  };
  const equipAll = () => document.querySelectorAll("figure[data-picture]").forEach(equip);
  window.detentePictures = { equipAll, alone };
  equipAll();
  // Paper has no clicks: what is folded is printed open.
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((held) => { held.dataset.was = held.open; held.open = true; }));
  window.addEventListener("afterprint", () => document.querySelectorAll("details").forEach((held) => { held.open = held.dataset.was === "true"; }));
})();
