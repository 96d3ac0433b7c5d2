// Package demo is the customer's side of the demo: a fake Vidaoo, and a website
// with a video button. Both are reached through the REST client, as real ones
// would be: it makes the automation that POSTs to the hub's Receive URL, and at
// each press of the button a meeting.
package demo
