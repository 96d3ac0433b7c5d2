// Package trail tells the trail of a call in words: what became of it, and for
// each agent whether it rang there, where it was seen, what the agent did, or
// why it did not ring.
//
// It is pure. [Tell] takes the events of the call, the delivery receipts of the
// apps and the presence of the agents while the call looked for one.
package trail
