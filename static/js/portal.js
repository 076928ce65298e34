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
      const asked = input.value;
      const answer = await fetch(`${input.dataset.choices}?q=${encodeURIComponent(asked)}`).catch(() => null);
      if (!answer || !answer.ok || answer.redirected) return;
      const names = await answer.text();
      if (input.value === asked) list.innerHTML = names; // else a later answer is right, even if it came earlier
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

function fillForm(form, values, keep = new Set()) {
  for (const [name, choice, value] of values) {
    for (const field of fieldsOf(form)) {
      if (field.name !== name || keep.has(name)) continue;
      if (["checkbox", "radio"].includes(field.type)) {
        if (field.value === choice) field.checked = value;
      } else {
        field.value = value;
      }
    }
  }
}

// Fields into which somebody typed before this script arrived: what was kept does not write over them.

function touchedIn(form) {
  const isTouched = (field) => {
    if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  };
  return new Set(fieldsOf(form).filter(isTouched).map((field) => field.name));
}

// What a form says now and did not say before.

function typedSince(form, before) {
  const told = new Set(before.map((value) => JSON.stringify(value)));
  return readForm(form).filter((value) => !told.has(JSON.stringify(value)));
}

function keepDraft(form) {
  const key = draftKey(form);
  const version = form.elements.version ? form.elements.version.value : "";
  const stored = JSON.parse(localStorage.getItem(key) || "null");
  const fresh = JSON.stringify(readForm(form));
  const refused = form.querySelector("[aria-invalid=true], .form-errors");
  let sent = null; // what this form said when it was sent
  const save = () => {
    const draft = { values: readForm(form), version, when: new Date().toISOString(), sent: false };
    localStorage.setItem(key, JSON.stringify(draft));
    if (sent) sessionStorage.setItem(key, JSON.stringify(typedSince(form, sent)));
  };
  const touched = touchedIn(form);
  const fits = stored && [version, null].includes(stored.version);
  if (fits && !refused && JSON.stringify(stored.values) !== fresh) {
    fillForm(form, stored.values, touched);
    showNote(form, stored.when);
  }
  if (touched.size) save();
  const late = sessionStorage.getItem(key); // typed in this tab while the answer was on its way
  sessionStorage.removeItem(key);
  if (late && refused) {
    fillForm(form, JSON.parse(late));
    save();
  }
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.addEventListener("submit", () => {
    sent = readForm(form);
    sessionStorage.removeItem(key);
    const draft = { values: sent, version, when: new Date().toISOString(), sent: true };
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
  const wasLed = performance.getEntriesByType("navigation")[0]?.redirectCount > 0; // as by every save
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(DRAFT)) continue;
    const draft = JSON.parse(localStorage.getItem(key));
    if (Date.now() - Date.parse(draft.when) > DRAFT_DAYS * 86_400_000) localStorage.removeItem(key);
    const said = document.querySelector("#messages :is(.success, .info, .warning)");
    const late = wasLed && sessionStorage.getItem(key); // typed after it was sent: only that is still to be saved
    if ((draft.sent || late) && (!here.includes(key) || said)) {
      if (late) localStorage.setItem(key, JSON.stringify({ ...draft, values: JSON.parse(late), version: null }));
      else localStorage.removeItem(key);
      sessionStorage.removeItem(key);
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

// A row whose list came anew while its own answer was on its way: the answer goes where the row stands now.

document.addEventListener("htmx:beforeRequest", ({ detail: { target } }) => {
  if (!target.matches("[data-stays]")) return;
  target.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!target.isConnected) detail.target = document.getElementById(target.id) ?? target;
  });
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
