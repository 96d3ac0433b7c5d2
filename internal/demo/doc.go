// Package demo is the customer's side of the demo: a fake Vidaoo with an
// automation that POSTs to the hub's Receive URL, and a website with a video
// button that creates meetings through Vidaoo's REST API, as a real site would.
package demo
