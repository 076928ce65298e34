// What pages do when scripts run: names offered while typing, drafts that survive, panels that take the focus.
"use strict";

// Names offered while typing: an input with data-choices gets a list of matching names.

function offerChoices(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}_choices`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(`${input.dataset.choices}?q=${encodeURIComponent(input.value)}`).catch(() => null);
      if (answer && answer.ok && !answer.redirected) list.innerHTML = await answer.text();
    }, 200);
  });
}

// Drafts: what is typed into a form stays on this machine, for this user, until the form is saved.
// A closed tab, an expired session and a broken line lose nothing.

const DRAFT = "draft:";
const DRAFT_DAYS = 30; // /privacy/ says so

function draftKey(form) {
  return `${DRAFT}${form.dataset.user}:${form.dataset.draft}`;
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type),
  );
}

function readForm(form) {
  return fieldsOf(form).map((field) => [
    field.name,
    ["checkbox", "radio"].includes(field.type) ? field.value : "",
    ["checkbox", "radio"].includes(field.type) ? field.checked : field.value,
  ]);
}

function fillForm(form, values) {
  for (const [name, choice, value] of values) {
    for (const field of fieldsOf(form)) {
      if (field.name !== name) continue;
      if (["checkbox", "radio"].includes(field.type)) {
        if (field.value === choice) field.checked = value;
      } else {
        field.value = value;
      }
    }
  }
}

function keepDraft(form) {
  const key = draftKey(form);
  const version = form.elements.version ? form.elements.version.value : "";
  const stored = JSON.parse(localStorage.getItem(key) || "null");
  const fresh = JSON.stringify(readForm(form));
  const refused = form.querySelector("[aria-invalid=true], .form-errors");
  if (stored && !refused && stored.version === version && JSON.stringify(stored.values) !== fresh) {
    fillForm(form, stored.values);
    showNote(form, stored.when);
  }
  const save = () => {
    const draft = { values: readForm(form), version, when: new Date().toISOString(), sent: false };
    localStorage.setItem(key, JSON.stringify(draft));
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    const draft = { values: readForm(form), version, when: new Date().toISOString(), sent: true };
    localStorage.setItem(key, JSON.stringify(draft));
  });
}

function showNote(form, when) {
  const note = document.getElementById("draft-note");
  if (!note) return;
  const shown = note.content.cloneNode(true);
  shown.querySelector("time").textContent = new Date(when).toLocaleString(document.documentElement.lang);
  shown.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(draftKey(form));
    window.location.reload();
  });
  form.prepend(shown);
}

// A form that was sent and led to another page was saved: its draft has done its work. A page with the form
// again (refused, stale) keeps it.

function forgetSavedDrafts() {
  if (document.querySelector("[data-not-saved]")) return keepUnsavedDrafts();
  if (document.querySelector("[data-keep-drafts], .form-errors")) return;
  const here = [...document.querySelectorAll("form[data-draft]")].map(draftKey);
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(DRAFT)) continue;
    const draft = JSON.parse(localStorage.getItem(key));
    if (Date.now() - Date.parse(draft.when) > DRAFT_DAYS * 86_400_000) localStorage.removeItem(key);
    const said = document.querySelector("#messages :is(.success, .info, .warning)");
    if (draft.sent && (!here.includes(key) || said)) {
      localStorage.removeItem(key);
    }
  }
}

// A page that says why nothing was saved, or whose reader is not signed in: what was sent is a draft again, until it
// is sent from there once more.

function keepUnsavedDrafts() {
  const mark = (keys, sent) =>
    keys.forEach((key) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), sent })));
  const unsaved = Object.keys(localStorage).filter(
    (key) => key.startsWith(DRAFT) && JSON.parse(localStorage.getItem(key)).sent,
  );
  mark(unsaved, false);
  document.querySelector("form[data-send-again]")?.addEventListener("submit", () => mark(unsaved, true));
}

// A button that was pressed once does not send twice; the server would notice, but the person need not wonder.

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}

function wake(root) {
  root.querySelectorAll("input[data-choices]").forEach((input) => {
    if (!input.hasAttribute("list")) offerChoices(input);
  });
  root.querySelectorAll("form[data-draft]").forEach((form) => {
    keepDraft(form);
    sendOnce(form);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  forgetSavedDrafts();
  wake(document);
  if (!document.querySelector("[autofocus]")) document.getElementById("form-errors")?.focus();
});

// A panel that htmx brought takes the focus, so that a keyboard and a screen reader follow.

document.addEventListener("htmx:afterSettle", (event) => {
  const panel = event.detail.elt;
  if (panel.id === "why") panel.focus({ preventScroll: true });
  panel.querySelector("[data-focus]")?.focus(); // the fresh row of a grid, or the first one that was refused
  wake(panel);
});

// A request that failed says so where the person looks; the page and what was typed stay.

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    keepUnsavedDrafts();
    document.getElementById("line-broken")?.removeAttribute("hidden");
  });
}
document.addEventListener("htmx:afterOnLoad", () => document.getElementById("line-broken")?.setAttribute("hidden", ""));
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
