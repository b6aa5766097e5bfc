// The desk in the browser: reads the levers, asks, shows. One question under way at a time, the latest state next; nothing is computed here.
(function () {
  "use strict";
  const policy = window.trustedTypes ? window.trustedTypes.createPolicy("detente", { createHTML: (text) => text }) : { createHTML: (text) => text };
  const form = document.getElementById("levers");
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
    const levers = new Map((held.get("x") || "").split(",").filter(Boolean).map((text) => {
      const at = Math.max(text.lastIndexOf("+"), text.lastIndexOf("-"));
      return [text.slice(0, at), Number(text.slice(at))];
    }));
    for (const number of numbers()) set(number.dataset.lever, levers.get(number.dataset.lever) || 0);
  };
  const of = (lever) => boxes("input[data-lever]").filter((held) => held.dataset.lever === lever);
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
  const show = (answer) => {
    last = answer;
    shown = answer.state;
    $("sentences").replaceChildren(...answer.sentences.filter(Boolean).map((text) => { const p = document.createElement("p"); p.textContent = text; return p; }));
    for (const cell of document.querySelectorAll("[data-cell]")) {
      const drawn = answer.pictures[cell.dataset.cell];
      if (drawn !== undefined) swap(cell, drawn);
    }
    $("made-by").textContent = answer.made_by;
    const link = $("link").querySelector("a");
    link.href = "/desk?" + answer.state;
    link.textContent = "/desk?" + answer.state;
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
      show(answer);
      history.replaceState(null, "", "/desk?" + answer.state);
      rest = setTimeout(() => bands(answer.state, mine), 400);
    } catch (error) {
      if (error.name === "AbortError" || mine !== asking) return;
      notice(error.status === 503 ? "Busy: the numbers shown are those of the last answer; asking again." : "No answer: " + (error.key ? error.key + ": " : "") + error.message);
      if (error.status === 503) rest = setTimeout(() => ask(current), 1000 + 500 * Math.random());
    } finally {
      clearTimeout(slow);
    }
  };
  const bands = async (state, mine) => {
    try {
      const answer = await post("/api/desk/bands", state, mine.signal);
      if (mine === asking && answer.state === shown) show(answer);
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
  form.addEventListener("dblclick", (event) => {
    if (event.target.type === "range") { set(event.target.dataset.lever, 0); move(); }
  });
  $("undo").addEventListener("click", () => step(past, ahead));
  $("redo").addEventListener("click", () => step(ahead, past));
  $("reset").addEventListener("click", () => { numbers().forEach((held) => set(held.dataset.lever, 0)); move(); });
  $("print").addEventListener("click", () => window.print());

  // A pinned answer stays beside the present one, with the difference in words.
  let pinned = null;
  const value = (answer, k) => answer.economies[k].welfare_pct;
  const signed = (number) => (number < 0 ? "−" : "+") + Math.abs(number).toPrecision(2);
  const compare = () => {
    const box = $("pinned");
    box.hidden = !pinned;
    if (!pinned || !last) return;
    const say = (text) => { const p = document.createElement("p"); p.textContent = text; return p; };
    const found = [say("Pinned: " + pinned.name + ". " + pinned.sentences[0])];
    if (pinned.state !== last.state) {
      const by = pinned.economies.map((_, k) => k).filter((k) => value(last, k) !== null && value(pinned, k) !== null)
        .map((k) => [pinned.economies[k].name, value(last, k) - value(pinned, k)]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3);
      found.push(say("From the pinned state to this one, income differs most for " + by.map(([name, change]) => name + " " + signed(change) + " %").join(", ") + "."));
    }
    box.replaceChildren(...found);
  };
  $("pin").addEventListener("click", () => { pinned = pinned ? null : last; $("pin").textContent = pinned ? "Unpin" : "Pin"; compare(); });
  $("share").addEventListener("click", async () => {
    const address = location.origin + "/desk?" + shown;
    try { await navigator.clipboard.writeText(address); notice("Copied: " + address); }
    catch (error) { getSelection().selectAllChildren($("link").querySelector("a")); notice("Marked below for copying: " + address); }
  });
  $("scheme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.scheme = dark ? "light" : "dark";
    try { localStorage.setItem("scheme", root.dataset.scheme); } catch (error) { /* the choice is not kept */ }
  });
  try { const kept = localStorage.getItem("scheme"); if (kept === "dark" || kept === "light") document.documentElement.dataset.scheme = kept; } catch (error) { /* the system's scheme */ }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const acts = { u: () => $("undo").click(), r: () => $("redo").click(), p: () => $("pin").click(), l: () => { field("case").checked = !field("case").checked; move(); }, 0: () => $("reset").click() };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  numbers().forEach((held) => held.closest(".lever").classList.toggle("moved", Number(held.value) !== 0));
  ask(current);
})();
