// Package routing decides what happens next to the calls that nobody has
// answered: whom they ring, whose offer is over, when the queue's patience ends.
//
// It is pure: no I/O, no clock of its own, no goroutine.
//
// [Next] is a function of one call, its queue, its members and the time. It
// answers with at most one event, or with the moment to ask again if nothing
// else happens before.
//
// A [Floor] is the state of a whole hub that such decisions need: the open
// calls, who is there, what each agent has chosen and has to do, whose turn it
// was. It changes by the events of the log ([Floor.Apply]) and by what agents
// do. [Floor.Next] picks the longest waiting call whose decision may have
// changed and decides about it; the dispatcher appends the event to the log and
// asks again when the log has told it back. A Floor that is made anew from the
// last entry of each call goes on where the old one was, with the same
// deadlines and the same memory of turns.
//
// The strategies are XCALLY Motion's: Beepall, RR Memory, Least recent.
package routing
