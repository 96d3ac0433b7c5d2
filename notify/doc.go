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
// [NewNative] makes the native surface of the system it was built for:
//
//   - On Linux, org.freedesktop.Notifications with Accept and Decline buttons,
//     over a D-Bus connection of its own.
//   - On Windows, toasts with Accept and Decline buttons through COM
//     (toasts.go, toastworker.go; Windows itself is behind the interface toaster,
//     so that all but toaster_windows.go and winrt_windows.go is tested on every
//     system). No single toast can be changed or taken back: what has ended is
//     swept away with all toasts of calls, and what still rings is shown anew.
//     Where Windows refuses toasts, calls are plain notices.
//   - Elsewhere, [NewPlain] over the system's plain notices: no buttons, and
//     nothing that can be taken back.
//
// The native surfaces of Linux and Windows also are a [Hider]: they tell when
// the system keeps notifications off the screen.
//
// Between the caller of a surface and its goroutine stands a table with one row
// per call (mailbox.go). A slow notification service therefore sees only the
// latest wish for each call, and the number of calls bounds all memory.
//
// What the caller wrote is shown but not trusted: it loses control and
// bidirectional characters, is cut to a length, never shows an address that
// could be followed, and is escaped for the markup of the place it goes to
// (words.go). A press on a toast comes back as text, which anyone could send; it
// counts only if it is exactly what a toast of ours says, of a call that rings
// (activation.go).
//
// A [Ringer] sounds for all surfaces; as a [Voice] it has tones and a volume.
// Subpackage ring has the one that is heard; it is apart because sound on Linux
// needs cgo and this package must build without. Subpackage notifytest has a
// recording surface, a private session bus and a notification service to test
// against.
package notify
