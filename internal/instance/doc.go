// Package instance keeps a program to one running copy per user: a second
// start asks the first to come to the front and ends.
//
// The flow of [Acquire]:
//
//	claim the place ── free ──> listen there, Raised tells of each knock
//	      │
//	      └── taken ──> knock: "raise" ── "raised" ──> ErrRunning
//	                      └── no answer: the holder may be starting or ending;
//	                          claim again, until patience ends in ErrNotAnswering
//
// The place is a unix socket in $XDG_RUNTIME_DIR, or in the user's state folder
// where there is no runtime folder, guarded by a lock file next to it. Only who
// holds the lock (flock) touches the socket, so two starts at once can't both
// find a stale socket and remove each other's; and the kernel drops the lock
// with the process, so a killed program leaves nothing that bars the next. The
// lock file itself stays for good: removing it would let one start lock the
// removed file and another a new one. On Windows the place is a named pipe that
// only its user may open, guarded in the same way by a named mutex.
package instance
