"use strict";
(() => {
  const root = document.documentElement;
  const pane = document.getElementById("claims");
  const status = document.querySelector(".status");
  const cards = [...document.querySelectorAll(".card")];
  const marks = [...document.querySelectorAll(".mark")];
  const chips = [...document.querySelectorAll(".chip")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const wide = matchMedia("(min-width: 800px)");
  let current = null;
  root.classList.add("js");

  const claimsOf = (mark) => mark.dataset.claims.split(" ");
  const cardOf = (n) => document.getElementById("c" + n);
  const marksOf = (n) => marks.filter((m) => claimsOf(m).includes(n));
  const shown = () => cards.filter((c) => !c.hidden);
  const behavior = () => (calm.matches ? "auto" : "smooth");

  function showCard(n) {
    const card = cardOf(n);
    if (!wide.matches) return;
    const top = card.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
    pane.scrollTo({ top, behavior: behavior() });
  }

  function showMark(n) {
    const mark = marksOf(n)[0];
    if (mark && wide.matches) mark.scrollIntoView({ block: "center", behavior: behavior() });
  }

  function select(n) {
    current = n;
    for (const card of cards) card.classList.toggle("on", card.dataset.claim === n);
    for (const mark of marks) mark.classList.toggle("on", claimsOf(mark).includes(n));
  }

  function focusCard(n) {
    const card = cardOf(n);
    if (card.hidden) filter(null);
    select(n);
    card.focus({ preventScroll: wide.matches });
    showCard(n);
  }

  function filter(verdict) {
    let count = 0;
    for (const card of cards) {
      card.hidden = verdict !== null && card.dataset.verdict !== verdict;
      if (!card.hidden) count += 1;
    }
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.verdict === verdict));
    for (const mark of marks) mark.classList.toggle("off", claimsOf(mark).every((n) => cardOf(n).hidden));
    root.classList.toggle("filtered", verdict !== null);
    status.textContent = verdict === null ? "" : `Showing ${count} of ${cards.length} claims. Esc shows all.`;
    if (verdict !== null && wide.matches) pane.scrollTo({ top: 0 });
  }

  function step(by) {
    const list = shown();
    if (!list.length) return;
    const at = list.findIndex((c) => c.dataset.claim === current);
    const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by;
    if (next < 0 || next >= list.length) return;
    const n = list[next].dataset.claim;
    const mark = marksOf(n)[0];
    const inText = document.activeElement && document.activeElement.classList.contains("mark");
    if (inText && mark) {
      select(n);
      mark.focus({ preventScroll: true });
      showCard(n);
    } else {
      focusCard(n);
    }
    showMark(n);
  }

  for (const mark of marks) {
    mark.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const claims = claimsOf(mark);
      // Where claims overlap, clicking again goes on to the next of them.
      const n = claims[(claims.indexOf(current) + 1) % claims.length];
      focusCard(n);
    });
    mark.addEventListener("focus", () => {
      if (mark.matches(":focus-visible") && !claimsOf(mark).includes(current)) {
        select(claimsOf(mark)[0]);
        showCard(claimsOf(mark)[0]);
      }
    });
  }

  for (const card of cards) {
    const n = card.dataset.claim;
    card.addEventListener("focusin", () => select(n));
    card.addEventListener("click", (event) => {
      if (event.target.closest("a, summary") || String(getSelection())) return;
      select(n);
      showMark(n);
    });
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== card) return;
      const mark = marksOf(n)[0];
      if (mark) mark.focus();
    });
    const back = card.querySelector(".back");
    if (back) back.addEventListener("click", (event) => {
      const mark = marksOf(n)[0];
      if (!mark) return;
      event.preventDefault();
      select(n);
      mark.focus({ preventScroll: true });
      mark.scrollIntoView({ block: "center", behavior: behavior() });
    });
  }

  for (const chip of chips) {
    chip.setAttribute("role", "button");
    chip.setAttribute("aria-pressed", "false");
    const toggle = (event) => {
      event.preventDefault();
      filter(chip.getAttribute("aria-pressed") === "true" ? null : chip.dataset.verdict);
    };
    chip.addEventListener("click", toggle);
    chip.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
  }

  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") filter(null);
  });

  const closed = () => [...document.querySelectorAll("details:not([open])")];
  let opened = [];
  addEventListener("beforeprint", () => { opened = closed(); for (const d of opened) d.open = true; });
  addEventListener("afterprint", () => { for (const d of opened) d.open = false; });

  const asked = /^#c(\d+)$/.exec(location.hash);
  if (asked && cardOf(asked[1])) { select(asked[1]); showCard(asked[1]); }
})();
