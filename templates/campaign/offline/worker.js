/* The service worker: where there is no connection, it shows one page of ours instead of the browser's (ADR 8).
   It keeps that page and the static files that it names, and nothing else: no page of the application, no answer, no
   text. It is registered for the parts of the site in which people write (data-scopes), never for the whole site, so
   that ballots (/v/) and public pages are not under it. */
"use strict";
const KEPT = {{ kept|safe }};

async function keep() {
  const cache = await caches.open(KEPT.cache);
  // Without cookies: the page is the same for everybody. The files the browser mostly has already.
  await cache.addAll([new Request(KEPT.page, { credentials: "omit", cache: "reload" }), ...KEPT.files]);
  await self.skipWaiting();
}
async function drop() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("offline-") && name !== KEPT.cache).map((name) => caches.delete(name)));
}
async function fetched(request, instead) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(instead, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(drop()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetched(request, KEPT.page));
  else if (request.method === "GET" && KEPT.files.includes(pathname)) event.respondWith(fetched(request, request));
});
