// Package idle tells whether the screen is locked and for how long the person
// has touched neither keyboard nor mouse: for an agent who is to be paused when
// away, and for a caller's name that nobody else in the room should read.
//
// The flow of [Watch]:
//
//	source of the system ── reading ──> Watcher ──> State, Idle: the last reading
//	                                       └──────> Events: each change of the lock
//
// Nothing here waits for a desktop: the source runs in the background, and what
// it does not know is [Unknown], or false, or [ErrUnknown].
//
// # Linux
//
// Many services know something, no desktop has them all, and each may be
// absent, hang, restart or answer nonsense. Each is a witness:
//
//	system bus   logind                    lock, idle (as a hint that few desktops give)
//	session bus  org.gnome.Mutter          idle, exactly
//	             org.*.ScreenSaver         lock; KDE also idle
//
//	line (one per bus): connect ── lost ──> forget all it said, connect again later
//	  │
//	  ├─ a witness comes, restarts, goes ──> forget what it said, ask it
//	  ├─ it signals ──> take its word, or ask it
//	  └─ every few seconds ──> ask it: idle times have no signal, and a signal may be missed
//
// The screen is locked if any witness says so, because none says so without a
// reason, while some are never told: logind knows of a lock only if the locker
// tells it. A witness that keeps silent leaves its last word on the lock in
// force; one that is gone, or refuses, does not. An idle time is never older
// than the last question.
//
// Witnesses are asked in goroutines, one per witness at most and each call with
// a deadline, so one that hangs delays none of the others. Replies and signals
// then arrive in any order; godbus numbers the messages of a connection, and a
// message that is older than the newest one that was used is not used. Only the
// owner of a service's name is believed, as anybody on the bus could send the
// same signal, and questions go to that owner, so that they start no service
// that the desktop does not use.
//
// A locker that tells nobody (i3lock, swaylock and others) can't be seen from
// here: the screen then counts as unlocked. The same holds for a screen saver
// that covers the screen without a lock, the other way round.
//
// # Windows
//
// The session's state and the last input are read every second.
//
// # Elsewhere
//
// Nothing is known.
package idle
