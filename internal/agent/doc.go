// Package agent is the app's session with the hub: sign in, connect, resume,
// act. It knows no widgets.
//
// The flow: [SignIn] trades a password for a token; [New] makes a [Session]
// from the token; [Session.Run] keeps one WebSocket to the hub open, again and
// again with growing, jittered pauses, until its context ends or the hub says
// that the token is no good. What the hub tells is kept in a [State] and told
// on as [Event]s, in order, from one goroutine. Each connection starts with
// the hub's whole truth (welcome), so after a gap the session works out the
// difference itself: calls that stopped ringing meanwhile are Stopped, new
// ones Rang. The person's answers ([Session.Accept] and the others) wait for
// the hub's reply with a deadline.
//
// Everything goes to the hub by one route, which a [Network] describes: whose
// certificates are trusted and which proxy is on the way. [Diagnose] goes the
// same route step by step and says of each step what it found.
//
// Times in a State are on this machine's clock: the hub's clock is compared
// with it at each welcome.
package agent
