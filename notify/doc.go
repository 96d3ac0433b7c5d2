// Package notify rings for calls on the desktop of an agent.
//
// A [Surface] is a place where a call rings. There are several, and the app
// speaks to all of them through one [Fanout]:
//
//	app ── Present, Update, Dismiss, Notice ──▶ Fanout ──▶ native notifications
//	                                                  └──▶ the pop-up window
//	app ◀── Event ─────────── first answer wins ───── Fanout.Emit ◀── each surface
//
// The methods of a surface return at once. Each surface has one goroutine that
// does the work and tells what came of it through the emit function it was
// given. That function is called from the surface's goroutine, never from
// inside a method of the surface, and never after Close has returned. It must
// not call Close.
//
// [NewNative] makes the native surface of the system it was built for. On Linux
// that is org.freedesktop.Notifications with Accept and Decline buttons, over a
// D-Bus connection of its own. Elsewhere it is [NewPlain] over the system's
// plain notices: no buttons, and nothing that can be taken back.
//
// Between the caller of a surface and its goroutine stands a table with one row
// per call (mailbox.go). A slow notification service therefore sees only the
// latest wish for each call, and the number of calls bounds all memory.
//
// What the caller wrote is shown but not trusted: it loses control and
// bidirectional characters, is cut to a length, never shows an address that
// could be followed, and is escaped for the markup of the place it goes to
// (words.go).
//
// Subpackage ring has the ring tone; it is apart because sound on Linux needs
// cgo and this package must build without. Subpackage notifytest has a
// recording surface, a private session bus and a notification service to test
// against.
package notify
