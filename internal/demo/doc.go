// Package demo is the customer's side of the demo: a fake Vidaoo, and a website
// that shows the hub's button with one script tag. The hub asks the fake Vidaoo
// through the REST client, as it would a real one, and so does the demo to make
// the automation that POSTs to the hub's Receive URL.
package demo
