// Package gauge measures the app as its person feels it, on a real desktop that
// nobody sees: a real hub on loopback, the app as it is built for people, and
// the pixels of the screen.
//
// [Latency] posts webhooks one after another. For each it takes the time from
// just before the request until the notification and the pop-up are painted,
// and then until both have stopped ringing because another agent was faster.
// The other agent and the agent's second device are sessions of package agent
// in this process.
//
// [Idle] starts the app hidden and signed in, takes the time until its icon is
// registered in the tray, and then what it costs while nothing happens, beside
// a program of the same toolkit that does nothing at all (bare).
//
// These are measurements, so nothing of it is a test: `make latency` and `make
// idle` print the numbers and the goal of each, and fail where one is missed.
// docs/desktop.md keeps the results.
package gauge
