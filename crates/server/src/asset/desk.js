// The desk in the browser: reads the levers, asks, shows. One question under way at a time, the latest state next; nothing is computed here.
(function () {
  "use strict";
  const policy = window.trustedTypes ? window.trustedTypes.createPolicy("detente", { createHTML: (text) => text }) : { createHTML: (text) => text };
  const form = document.getElementById("levers");
  // Every word that a reader sees comes with the page, so that another language is another catalogue there.
  const words = JSON.parse(document.body.dataset.words);
  const say = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, k) => values[Number(k)]);
  const $ = (id) => document.getElementById(id);
  const boxes = (what) => [...form.querySelectorAll(what)];
  const numbers = () => boxes('input[type="number"]');
  const field = (name) => form.elements.namedItem(name);
  document.querySelectorAll(".tools").forEach((bar) => (bar.hidden = false));
  form.querySelector('button[type="submit"]').hidden = true;

  // The state of the form as a link's query.
  const read = () => {
    const parts = ["v=1", "t=" + encodeURIComponent(field("t").value)];
    if (field("on").value) parts.push("on=" + field("on").value);
    if (field("known").value) parts.push("known=" + field("known").value);
    if (field("case").checked) parts.push("case=lapse");
    if (field("basis").checked) parts.push("basis=statute");
    if (field("others").checked) parts.push("others=day");
    const moved = numbers().filter((held) => Number(held.value)).map((held) => {
      const points = Number(held.value);
      return held.dataset.lever + (points > 0 ? "+" : "") + points;
    });
    if (moved.length) parts.push("x=" + moved.join(","));
    return parts.join("&");
  };
  const put = (query) => {
    const held = new Map(query.split("&").map((pair) => { const at = pair.indexOf("="); return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]; }));
    field("case").checked = held.get("case") === "lapse";
    field("basis").checked = held.get("basis") === "statute";
    field("others").checked = held.get("others") === "day";
    others(held.get("x") || "");
    const levers = new Map((held.get("x") || "").split(",").filter(Boolean).map((text) => {
      const at = Math.max(text.lastIndexOf("+"), text.lastIndexOf("-"));
      return [text.slice(0, at), Number(text.slice(at))];
    }));
    for (const number of numbers()) set(number.dataset.lever, levers.get(number.dataset.lever) || 0);
  };
  // The inputs of a lever; looked up anew once rows came or went.
  let inputs = null;
  const of = (lever) => {
    if (!inputs) {
      inputs = new Map();
      for (const held of boxes("input[data-lever]")) inputs.set(held.dataset.lever, [...(inputs.get(held.dataset.lever) || []), held]);
    }
    return inputs.get(lever) || [];
  };
  // Levers on any pair: a row is made when one is asked for.
  const other = (lever) => {
    if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}$/.test(lever) || of(lever).length) return;
    const row = $("other-row").content.cloneNode(true);
    const [importer, exporter, what] = lever.split(".");
    const named = (list, code) => { const found = [...$(list).options].find((held) => held.value === code); return found ? found.textContent : code; };
    const label = say("pair", named("other-importer", importer), named("other-exporter", exporter), named("other-what", what));
    row.querySelector("label").textContent = label;
    row.querySelector("label").htmlFor = lever.replaceAll(".", "-");
    for (const held of row.querySelectorAll("[data-lever]")) {
      held.dataset.lever = lever;
      const said = { "-1": label + ": " + say("one_point_less"), 1: label + ": " + say("one_point_more") }[held.dataset.step] || label + ", " + say("points_word");
      if (held.type === "number") { held.id = lever.replaceAll(".", "-"); held.name = "l." + lever; } else held.setAttribute("aria-label", said);
    }
    $("other-rows").append(row);
    inputs = null;
  };
  const others = (list) => list.split(",").filter(Boolean).forEach((text) => other(text.slice(0, Math.max(text.lastIndexOf("+"), text.lastIndexOf("-")))));
  const set = (lever, points) => {
    for (const held of of(lever)) { held.value = points; held.closest(".lever").classList.toggle("moved", points !== 0); }
  };

  // Asking: the newest state wins; older ones under way are let go.
  let current = document.body.dataset.state, shown = current, asking = null, rest = 0, deciding = 0, last = null;
  const notice = (text) => {
    let bar = $("notice");
    if (!text) { if (bar) bar.remove(); return; }
    if (!bar) { bar = document.createElement("p"); bar.id = "notice"; bar.setAttribute("role", "status"); document.querySelector("main").append(bar); }
    bar.textContent = text;
  };
  const post = async (where, state, signal) => {
    const reply = await fetch(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ state }), signal });
    const body = await reply.json();
    if (!reply.ok) throw Object.assign(new Error(body.reason || "no answer"), { status: reply.status, key: body.key });
    return body;
  };
  const swap = (cell, html) => {
    const open = [...cell.querySelectorAll("details")].map((held) => held.open);
    cell.innerHTML = policy.createHTML(html);
    [...cell.querySelectorAll("details")].forEach((held, k) => { held.open = !!open[k]; });
  };
  // A link says what made it, so that another program or record can say that its numbers may differ.
  const linked = (answer) => "/desk?" + answer.state + "&made=" + answer.made;
  // What stands in each cell, so that what is the same is left alone; and a turn, so that a newer answer ends the showing of an older one.
  const stands = new Map();
  let turn = 0;
  const pause = () => new Promise((done) => { const held = new MessageChannel(); held.port1.onmessage = done; held.port2.postMessage(0); });
  const show = async (answer) => {
    const mine = ++turn;
    last = answer;
    $("sentences").replaceChildren(...answer.sentences.filter(Boolean).map((text) => { const p = document.createElement("p"); p.textContent = text; return p; }));
    // Each picture in a task of its own, those in view first: a hand that goes on moving is not kept waiting for the others.
    const place = (cell) => { const box = cell.getBoundingClientRect(); return box.bottom > 0 && box.top < innerHeight ? 0 : 1; };
    const cells = [...document.querySelectorAll("[data-cell]")].filter((cell) => cell.dataset.cell !== "in-force").map((cell) => [place(cell), cell]);
    for (const [, cell] of cells.sort((a, b) => a[0] - b[0])) {
      // A picture that this state does not have, or not yet: nothing old stands in its place.
      const drawn = answer.pictures[cell.dataset.cell] || "";
      if (stands.get(cell) === drawn) continue;
      await pause();
      if (mine !== turn) return;
      stands.set(cell, drawn);
      swap(cell, drawn);
      cell.hidden = !drawn;
    }
    shown = answer.state;
    $("made-by").textContent = answer.made_by;
    const link = $("link").querySelector("a");
    link.href = link.textContent = linked(answer);
    document.querySelectorAll(".part").forEach((held) => { const own = held.querySelector("a[href^='/desk/']"); if (own) own.href = "/desk/" + held.dataset.part + "?" + answer.state; });
    document.querySelectorAll("[data-save]").forEach((held) => { held.href = "/api/desk/" + held.dataset.save + "?" + answer.state; });
    $("answer").classList.remove("stale");
    document.body.dataset.shown = answer.state;
    document.body.dataset.sure = answer.sure || "";
    window.detentePictures && window.detentePictures.equipAll();
    compare();
    notice("");
  };
  const ask = async (state) => {
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    clearTimeout(rest);
    const slow = setTimeout(() => $("answer").classList.add("stale"), 150);
    try {
      const answer = await post("/api/desk/answer", state, mine.signal);
      if (mine !== asking) return;
      await show(answer);
      if (mine !== asking) return;
      history.replaceState(null, "", "/desk?" + answer.state);
      rest = setTimeout(() => bands(answer.state, mine), 400);
    } catch (error) {
      if (error.name === "AbortError" || mine !== asking) return;
      notice(error.status === 503 ? say("busy") : say("no_answer", (error.key ? error.key + ": " : "") + error.message));
      if (error.status === 503) rest = setTimeout(() => ask(current), 1000 + 500 * Math.random());
    } finally {
      clearTimeout(slow);
    }
  };
  const bands = async (state, mine) => {
    try {
      const answer = await post("/api/desk/bands", state, mine.signal);
      if (mine === asking && answer.state === shown) await show(answer);
    } catch (error) { /* the numbers stand; how sure they are is asked again with the next move */ }
  };

  // Undo and redo: each gesture is one step.
  const past = [], ahead = [];
  const move = () => {
    const next = read();
    if (next === current) return;
    past.push(current);
    ahead.length = 0;
    current = next;
    ask(current);
  };
  const live = () => { cancelAnimationFrame(deciding); deciding = requestAnimationFrame(() => ask(read())); };
  const step = (from, to) => {
    if (!from.length) return;
    to.push(current);
    current = from.pop();
    put(current);
    ask(current);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); move(); });
  form.addEventListener("input", (event) => {
    const held = event.target;
    if (!held.dataset.lever) return;
    const points = Math.max(-500, Math.min(500, Number(held.value) || 0));
    for (const other of of(held.dataset.lever)) if (other !== held) other.value = points;
    held.closest(".lever").classList.toggle("moved", points !== 0);
    live();
  });
  form.addEventListener("change", (event) => {
    const name = event.target.name;
    // Another day or other talks have other levers: the page is asked anew.
    if (name === "t" || name === "on" || name === "known") { if (field("on").value) location.assign("/desk?" + read()); return; }
    move();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-step]");
    if (!button) return;
    const number = of(button.dataset.lever).find((held) => held.type === "number");
    set(button.dataset.lever, Math.max(-500, Math.min(500, Number(number.value) + Number(button.dataset.step))));
    move();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-off]");
    if (!button) return;
    set(button.dataset.lever, Number(button.dataset.off));
    move();
  });
  $("other-add").addEventListener("click", () => {
    const [importer, exporter] = [$("other-importer").value, $("other-exporter").value];
    if (importer === exporter) { notice(say("two_economies")); return; }
    const lever = importer + "." + exporter + "." + $("other-what").value;
    other(lever);
    of(lever).find((held) => held.type === "number").focus();
  });
  // All measures of a pair, with what each adds on the day: its own fieldset in the place of single rows. Duties of the day then stand.
  $("other-show").addEventListener("click", async () => {
    const [importer, exporter] = [$("other-importer").value, $("other-exporter").value];
    if (importer === exporter) { notice(say("two_economies")); return; }
    notice(say("looking"));
    try {
      const found = await part("/desk/pair?" + read() + "&to=" + importer + "&from=" + exporter);
      const pair = importer + "." + exporter, fresh = found.querySelector("fieldset");
      for (const held of [...$("other-rows").children]) {
        const own = held.dataset.pair ? held.dataset.pair + "." : held.querySelector("[data-lever]").dataset.lever;
        if (own.startsWith(pair + ".")) held.remove();
      }
      $("other-rows").append(fresh);
      inputs = null;
      notice("");
      field("others").checked = true;
      move();
      fresh.querySelector("summary, input").focus();
    } catch (error) { notice(say("no_answer", error.message)); }
  });
  form.addEventListener("dblclick", (event) => {
    if (event.target.type === "range") { set(event.target.dataset.lever, 0); move(); }
  });
  $("undo").addEventListener("click", () => step(past, ahead));
  $("redo").addEventListener("click", () => step(ahead, past));
  $("reset").addEventListener("click", () => { numbers().forEach((held) => set(held.dataset.lever, 0)); move(); });
  $("print").addEventListener("click", () => window.print());

  // What opens on a click is a page of its own; its inner part is shown in place.
  const part = async (address) => {
    const reply = await fetch(address);
    if (!reply.ok) { const refused = await reply.json(); throw new Error((refused.key ? refused.key + ": " : "") + refused.reason); }
    return new DOMParser().parseFromString(policy.createHTML(await reply.text()), "text/html").getElementById("part");
  };
  const inner = async (address, into, waiting) => {
    into.replaceChildren(Object.assign(document.createElement("p"), { textContent: waiting }));
    try {
      into.replaceChildren(...(await part(address)).children);
      window.detentePictures && window.detentePictures.equipAll();
    } catch (error) {
      into.replaceChildren(Object.assign(document.createElement("p"), { textContent: say("no_answer", error.message) }));
    }
  };
  document.querySelectorAll(".part").forEach((held) => held.addEventListener("toggle", () => {
    if (!held.open || held.dataset.loaded) return;
    held.dataset.loaded = "1";
    inner("/desk/" + held.dataset.part + "?" + shown, held.querySelector(".inner"), say("computing"));
  }));
  $("line").addEventListener("submit", (event) => {
    event.preventDefault();
    inner("/desk/duty?" + new URLSearchParams(new FormData(event.target)), $("line-answer"), say("looking"));
  });

  // A pinned answer stays beside the present one: a card each, and the difference in words.
  let pinned = null;
  const value = (answer, k) => answer.economies[k].welfare_pct;
  const signed = (number) => (number < 0 ? "−" : "+") + Math.abs(number).toPrecision(2);
  const made = (kind, text, among) => { const held = document.createElement(kind); held.textContent = text || ""; held.append(...(among || [])); return held; };
  const card = (label, answer) => {
    const sides = answer.economies.map((held, k) => [held, k]).filter(([held]) => answer.sides.includes(held.economy));
    const numbers = sides.map(([held, k]) => made("li", held.name + " " + (value(answer, k) === null ? say("not_known") : say("of_income", signed(value(answer, k))))));
    const box = made("div", "", [made("h3", label), made("p", answer.name), made("ul", "", numbers)]);
    box.className = "card";
    return box;
  };
  const compare = () => {
    const box = $("pinned");
    box.hidden = !pinned;
    if (!pinned || !last) return;
    const pair = made("div", "", [card(say("pinned"), pinned), card(say("now"), last)]);
    pair.className = "cards";
    const found = [pair];
    if (pinned.state !== last.state) {
      const by = pinned.economies.map((_, k) => k).filter((k) => value(last, k) !== null && value(pinned, k) !== null)
        .map((k) => [pinned.economies[k].name, value(last, k) - value(pinned, k)]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3);
      found.push(made("p", say("differs", by.map(([name, change]) => name + " " + signed(change) + " %").join(", "))));
    }
    box.replaceChildren(...found);
  };
  $("pin").addEventListener("click", () => { pinned = pinned ? null : last; $("pin").textContent = pinned ? say("unpin") : say("pin"); compare(); });
  $("share").addEventListener("click", async () => {
    const address = location.origin + (last ? linked(last) : "/desk?" + shown);
    try { await navigator.clipboard.writeText(address); notice(say("copied", address)); }
    catch (error) { getSelection().selectAllChildren($("link").querySelector("a")); notice(say("marked", address)); }
  });
  $("scheme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.scheme = dark ? "light" : "dark";
    try { localStorage.setItem("scheme", root.dataset.scheme); } catch (error) { /* the choice is not kept */ }
  });
  try { const kept = localStorage.getItem("scheme"); if (kept === "dark" || kept === "light") document.documentElement.dataset.scheme = kept; } catch (error) { /* the system's scheme */ }
  const field2 = (name) => $("line").elements.namedItem(name);
  // The next day on which something changed, either way.
  const stop = (way) => {
    const days = [...$("days").options].map((held) => held.value), on = field("on").value;
    const found = way > 0 ? days.find((day) => day > on) : days.filter((day) => day < on).pop();
    if (!found) return;
    field("on").value = found;
    location.assign("/desk?" + read());
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !/^(range|checkbox)$/.test(event.target.type))) return;
    const acts = { u: () => $("undo").click(), r: () => $("redo").click(), p: () => $("pin").click(), l: () => { field("case").checked = !field("case").checked; move(); }, "[": () => stop(-1), "]": () => stop(1), "/": () => field2("code").focus(), "?": () => { $("keys").open = !$("keys").open; $("keys").querySelector("summary").focus(); }, 0: () => $("reset").click() };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  numbers().forEach((held) => held.closest(".lever").classList.toggle("moved", Number(held.value) !== 0));
  ask(current);
})();
