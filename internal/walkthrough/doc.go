// Package walkthrough plays one call through on real desktops that nobody
// sees: the button on the website, the bell on two desks, Accept pressed with
// the mouse in the native notification, and the session page. `make demo` runs
// it on a machine without a screen, and the test of the real desktop is made
// of the same steps.
//
// Each agent has a desktop of its own, for one person sees one screen. The
// customer's browser stands on the first agent's, so that one picture shows
// cause and effect.
package walkthrough
