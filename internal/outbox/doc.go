// Package outbox sends what waits to be sent to targets outside, in order and until it has arrived.
//
// What waits is in the log ([calllog.Delivery]); an [Outbox] is told of it by whoever follows the log, and
// knows when each is due. The deliveries of one call to one target are a lane: they go one after the other.
// Each target has its lanes, and a few of them are sent at once, so that a slow target delays nobody else.
//
// It has no timer of its own: [Outbox.Tick] has it look at the clock.
package outbox
