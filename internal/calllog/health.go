package calllog

import (
	"context"
	"errors"
)

// errBroken is what an administrator reads. The engine stops a stream at the
// first write that the disk refuses, and does not start it again by itself.
var errBroken = errors.New("the log can't be written any more: free space on the disk of the data folder, then start the hub again; no call that was answered is lost")

// probes is how many writes have to fail one after the other until the log is
// given up.
const probes = 2

// Sound tells whether the last writes went well.
func (l *Log) Sound() bool { return !l.doubt.Load() && l.engine.JetStreamEnabled() }

// Check does nothing while writes go well. After one that failed it tries
// others; if they fail too, it says that nothing but a new start helps.
func (l *Log) Check(ctx context.Context) error {
	for range probes {
		if l.Sound() {
			return nil
		}
		if _, err := l.publish(ctx, receiptSubject("hub", "probe"), []byte("[]")); err == nil {
			l.doubt.Store(false)
			return nil
		}
		if ctx.Err() != nil {
			return nil // the hub closes
		}
	}
	return errBroken
}
