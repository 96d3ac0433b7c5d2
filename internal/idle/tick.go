package idle

import "time"

// readLate is how much later than the clock a tick may be: an input between the
// reading of the two.
const readLate = 1000

// sinceTick is the time since a tick of Windows' clock of 32 bits, which counts
// the milliseconds since the start of the system and wraps after 49 days.
func sinceTick(tick uint32, sinceBoot time.Duration) time.Duration {
	elapsed := uint32(sinceBoot.Milliseconds()) - tick
	if -elapsed < readLate {
		return 0
	}
	return time.Duration(elapsed) * time.Millisecond
}
