// The entry grid: a row is saved when it is left, Enter and arrows move down and up; nothing typed meanwhile is lost.
"use strict";

const atFirst = new WeakMap(); // form -> what it said when it came or was last sent

function told(form) {
  return JSON.stringify(fieldsOf(form).map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
}

function rowOf(target) {
  return target instanceof Element ? target.closest("tbody.entry-row") : null;
}

function formOf(target) {
  return rowOf(target)?.querySelector("form.entry-cell");
}

function hasChanged(form) {
  const hasFile = [...form.elements].some((field) => field.type === "file" && field.files.length);
  return hasFile || (atFirst.has(form) && told(form) !== atFirst.get(form));
}

function mark(form) {
  rowOf(form)?.classList.toggle("unsaved", hasChanged(form));
}

document.addEventListener("focusin", (event) => {
  const form = formOf(event.target);
  if (form && !atFirst.has(form)) atFirst.set(form, told(form));
});

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const form = formOf(event.target);
    if (form) mark(form);
  });
}

// Leaving: the focus went to another row, or out of the grid. Another window does not count, the cursor comes back.

document.addEventListener("focusout", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  setTimeout(() => {
    if (form.isConnected && !rowOf(form).contains(document.activeElement) && hasChanged(form)) htmx.trigger(form, "leave");
  }, 0);
});

function move(input, step) {
  const cells = [...document.querySelectorAll("#entry-grid .entry-cell > .entry-numbers input.cell")];
  const forms = [...new Set(cells.map((cell) => cell.form))];
  const column = cells.filter((cell) => cell.form === input.form).indexOf(input);
  const next = cells.filter((cell) => cell.form === forms[forms.indexOf(input.form) + step]);
  const cell = next[Math.min(Math.max(column, 0), next.length - 1)];
  if (!cell) return false;
  cell.focus();
  cell.select();
  return true;
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.matches("#entry-grid input.cell") || event.isComposing) return;
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  if (!move(input, step) && event.key === "Enter" && hasChanged(input.form)) htmx.trigger(input.form, "leave");
});

// A request under way: what is typed into the row until the answer comes is put into the new row.

const typedMeanwhile = new Map(); // id of a row -> what its form said
const filesSent = new WeakMap(); // form -> its files when it was sent
const filesMeanwhile = new Map(); // id of a row -> its files
const ticked = new Set(); // ids of rows that are chosen to be submitted

function filesIn(form) {
  return [...form.elements].filter((field) => field.type === "file").map((field) => field.files);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches?.("form.entry-cell")) return;
  atFirst.set(event.target, told(event.target));
  filesSent.set(event.target, filesIn(event.target).map((files) => files[0]));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = formOf(event.detail.target);
  if (!form) return;
  const answer = event.detail.serverResponse;
  if (!answer.includes("entry-row")) { // the sign-in page, or an error
    event.detail.shouldSwap = false;
    waiting = null;
    document.getElementById("line-broken")?.removeAttribute("hidden");
    return;
  }
  const row = rowOf(form);
  const files = filesIn(form);
  if (filesSent.has(form) && files.some((each, place) => each[0] !== filesSent.get(form)[place])) filesMeanwhile.set(row.id, files);
  if (row.querySelector("[name=observation]:checked")) ticked.add(row.id);
  if (atFirst.has(form) && told(form) !== atFirst.get(form)) typedMeanwhile.set(row.id, readForm(form));
  else if (!answer.includes("tag bad")) localStorage.removeItem(draftKey(form)); // saved: no need to keep it here
});

document.addEventListener("htmx:afterSettle", (event) => {
  const row = rowOf(event.detail.elt) ?? document.getElementById(event.detail.target?.id);
  const form = formOf(row);
  if (!form) return;
  atFirst.set(form, told(form));
  document.getElementById("entry-said").textContent = ["th", ".state"].map((part) => row.querySelector(part).innerText).join(": ");
  if (row.classList.contains("wrong")) waiting = null; // refused: to be read before anything is handed in
  if (ticked.delete(row.id)) row.querySelector("[name=observation]")?.click();
  if (typedMeanwhile.has(row.id) || filesMeanwhile.has(row.id)) {
    fillForm(form, typedMeanwhile.get(row.id) ?? []);
    const files = filesMeanwhile.get(row.id) ?? [];
    [...form.elements].filter((field) => field.type === "file").forEach((field, place) => (field.files = files[place] ?? field.files));
    typedMeanwhile.delete(row.id);
    filesMeanwhile.delete(row.id);
    mark(form);
    if (!row.contains(document.activeElement)) htmx.trigger(form, "leave");
  }
  goOn();
});

// Submitting waits until every row that was typed into is saved; a row that could not be sent or is refused ends that.

let waiting = null;

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => (waiting = null));
}

function goOn() {
  if (!waiting || document.querySelector(".entry-row.unsaved")) return;
  const { name, value } = waiting;
  waiting = null;
  const button = [...document.querySelectorAll('[form="entry-steps"], #entry-steps button')];
  document.getElementById("entry-steps").requestSubmit(button.find((each) => each.name === name && each.value === value));
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "entry-steps" || !document.querySelector(".entry-row.unsaved")) return;
  event.preventDefault();
  waiting = { name: event.submitter?.name, value: event.submitter?.value };
  document.querySelectorAll(".entry-row.unsaved form.entry-cell").forEach((form) => {
    if (hasChanged(form)) htmx.trigger(form, "leave");
  });
});
