// Package hub receives webhooks, decides whom to ring, and tells the apps.
//
// The flow of one call:
//
//	Receive URL ──append──▶ log ──follow──▶ live ──▶ apps (offer, withdrawn, call)
//	                         ▲               │
//	     dispatcher ─append──┤◀───dirty──────┘
//	     accept, decline ────┘
//
// A webhook is mapped to a call and appended to the log; only then is it
// answered. The follower applies each entry of the log to the live calls
// ([live]), sends the frames that follow from it to the connected apps, and
// marks the call dirty. The dispatcher takes dirty calls, and those whose
// deadline has come, asks package routing what is next, and appends that. An
// agent's answer is appended by whichever request brings it, with
// compare-and-set: nothing but the log decides who wins.
//
// Frames are derived only from the log (and from presence); a reply to a
// request is sent when the follower has seen what the request changed, so an
// app never reads an answer that is ahead of its frames.
//
// Users, queues, sign-in tokens and chosen presence are buckets beside the log
// ([Directory]), kept in memory.
package hub
