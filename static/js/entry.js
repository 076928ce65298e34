// The entry grid: a row is saved when it is left, Enter and arrows move down and up; nothing typed meanwhile is lost.
"use strict";

const sent = new WeakMap(); // form -> what was sent, or what was there at first

function told(form) {
  return JSON.stringify(fieldsOf(form).map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}

function formOf(target) {
  return target instanceof Element ? target.closest("tbody.entry-row")?.querySelector("form.entry-cell") : null;
}

function hasFile(form) {
  return [...form.elements].some((field) => field.type === "file" && field.files.length);
}

document.addEventListener("focusin", (event) => {
  const form = formOf(event.target);
  if (form && !sent.has(form)) sent.set(form, told(form));
});

// Leaving: the focus went to another row, or out of the grid. Another window does not count, the cursor comes back.

document.addEventListener("focusout", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  setTimeout(() => {
    if (!form.isConnected || form.closest("tbody").contains(document.activeElement)) return;
    if (sent.has(form) && (told(form) !== sent.get(form) || hasFile(form))) htmx.trigger(form, "leave");
  }, 0);
});

function move(input, step) {
  const cells = [...document.querySelectorAll("#entry-grid .entry-cell > .entry-numbers input.cell")];
  const rows = [...new Set(cells.map((cell) => cell.form))];
  const column = cells.filter((cell) => cell.form === input.form).indexOf(input);
  const next = rows[rows.indexOf(input.form) + step];
  if (!next) return false;
  const inRow = cells.filter((cell) => cell.form === next);
  const cell = inRow[Math.max(0, Math.min(column, inRow.length - 1))];
  cell.focus();
  cell.select();
  return true;
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.matches("input.cell") || event.isComposing) return;
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && input.closest("#entry-grid")) {
    event.preventDefault();
    if (!move(input, step) && event.key === "Enter") htmx.trigger(input.form, "leave");
  }
});

// A request under way: what is typed into the row until the answer comes is put into the new row.

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("form.entry-cell")) sent.set(event.target, told(event.target));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = formOf(event.detail.target);
  if (!form) return;
  if (!event.detail.serverResponse.includes("entry-row")) { // the sign-in page, or an error
    event.detail.shouldSwap = false;
    document.getElementById("line-broken")?.removeAttribute("hidden");
    return;
  }
  if (sent.has(form) && told(form) !== sent.get(form)) form.closest("tbody").typedMeanwhile = readForm(form);
  if (event.detail.serverResponse.includes("aria-invalid") || event.detail.serverResponse.includes("entry-clash")) return;
  localStorage.removeItem(draftKey(form)); // saved: what was kept on this machine has done its work
});

document.addEventListener("htmx:afterSwap", (event) => {
  const old = event.detail.target;
  if (!old?.typedMeanwhile) return;
  const form = document.querySelector(`#${old.id} form.entry-cell`);
  if (form) fillForm(form, old.typedMeanwhile);
});
