// Package routing decides what happens next to a call that nobody has
// answered: whom it rings, whose offer is over, when the queue's patience ends.
//
// It is pure: [Next] is a function of a queue, one of its calls, its members
// and the time. It answers with at most one event and the moment to ask again
// if nothing else happens before; the dispatcher appends the event to the log
// and asks again when the log has told it back.
package routing
