// The addresses of an order follow its customer. The server checks that the chosen one is the customer's.
"use strict";

const place = document.querySelector("select[data-addresses]");
const customer = document.querySelector("[name=customer]");

async function follow() {
  const url = new URL(place.dataset.addresses, location.href);
  url.searchParams.set("customer", customer.value);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { addresses } = await answer.json();
  const before = place.value;
  place.replaceChildren(...addresses.map(({ id, text }) => new Option(text, id, false, id === before)));
}

if (place && customer) customer.addEventListener("change", follow);
