// Package calllog is the log: the one truth about calls, and the buckets
// (users, queues, tokens, presence) beside it, on a JetStream engine that runs
// inside the process.
//
// Every change of a call is one [Entry]: the event and the call as it is after
// it, appended to the stream CALLS on the subject call.<queue>.<id>. An append
// names the subject's last sequence that its writer has seen; if another writer
// was faster it fails with [ErrConflict], and the writer reads again and
// decides again. That compare-and-set is what makes exactly one accept win.
//
// [Log.Follow] reads the stream with one consumer: first the last entry of each
// call, then every new one as it comes, in order. What the hub knows, it knows
// from there.
//
// Delivery receipts are no changes of a call: they go to receipt.<queue>.<id>
// in the same stream, without compare-and-set, so that a thousand bells which
// report that they ring never get in the way of the one accept.
//
// The last payloads of each queue, as they came, are kept in a stream of their
// own, for the administrator who looks why a webhook made no call.
//
// The engine opens no port (DontListen), takes no signals (NoSigs) and syncs
// each append to disk before it is acknowledged (SyncAlways).
package calllog
