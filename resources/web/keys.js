// Keys for what the page can do anyway. Single letters can be switched off in the account.
"use strict";
(() => {
  const lettersAreOn = document.body.dataset.keys === "on";
  const dialog = document.getElementById("all-keys");
  const isTyping = (one) => one.closest("input:not([type=checkbox],[type=radio]), select, textarea, [contenteditable]");

  for (const one of document.querySelectorAll("[data-print]")) {
    one.hidden = false;
    one.addEventListener("click", () => window.print());
  }

  const rowBy = (step) => {
    const rows = [...document.querySelectorAll("a[data-row]")];
    const here = rows.indexOf(document.activeElement?.closest("tr, li")?.querySelector("a[data-row]"));
    const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
    next?.focus();
    return Boolean(next);
  };

  const done = (key) => {
    if (key === "?") { dialog.showModal(); return true; }
    if (key === "/") { const find = document.querySelector("[data-find]"); find?.focus(); return Boolean(find); }
    const name = key.length === 1 ? key.toUpperCase() : key;
    const one = document.querySelector(`[data-key="${CSS.escape(name)}"]:not([hidden])`);
    if (one) {
      if (one.disabled || one.getAttribute("aria-disabled") === "true") return false;
      one.click();
      return true;
    }
    return name === "J" ? rowBy(1) : name === "K" ? rowBy(-1) : false;
  };

  document.addEventListener("keydown", (event) => {
    if (!lettersAreOn || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (dialog.open || event.key === "Enter" || event.key === " " || isTyping(event.target)) return;
    if (done(event.key)) event.preventDefault();
  });

  for (const one of document.querySelectorAll("[data-countdown]")) {
    let left = Number(one.textContent);
    const clock = setInterval(() => {
      left -= 1;
      one.textContent = String(Math.max(left, 0));
      if (left <= 0) {
        clearInterval(clock);
        const button = one.closest("form")?.querySelector("button");
        if (button) button.disabled = true;
      }
    }, 1000);
  }
})();
