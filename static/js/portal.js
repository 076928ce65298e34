// What the pages do when scripts run: choices while typing, drafts that survive, links that open panels.
