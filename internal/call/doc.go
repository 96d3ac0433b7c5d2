// Package call is the domain: a call, what can happen to it, and who may do it.
//
// It is pure. It reads no clock, does no I/O and imports nothing of ours, so
// every rule in it can be tried with a table.
//
// The flow: a customer's webhook becomes a [New] call; everything after that
// is an [Event]. [Call.Apply] answers with the call as it is after the event,
// or with an [Error] that says why the event can't happen. The hub appends the
// event together with its result to the log, and an event that isn't in the
// log has not happened.
//
//	waiting --offered--> ringing --accepted--> accepted --finished--> ended (completed)
//	   ^                    |
//	   +-- declined, lapsed, withdrawn (the last offer is gone)
//	   ^                                  |
//	   +-- returned ----------------------+
//	waiting, ringing --missed--> ended (missed)
//	waiting, ringing --left--> ended (canceled)
//	accepted --left--> ended (completed)
//	any open call --canceled--> ended (canceled)
//
// Recordings are started by the owner and stopped by it, or when the call is its
// own no more; the stop may be noted after the call has ended.
//
// Several agents may hold an offer of one call at a time; exactly one becomes
// its owner. A call that was assigned rings for the chosen agent first.
package call
