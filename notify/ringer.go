package notify

// Ringer plays the ring tone. There is one in the app, for all surfaces. All
// methods return at once and may be called from any goroutine; where there is
// no sound they do nothing. Package ring has the one with sound.
type Ringer interface {
	// Start rings until Stop; it does nothing while it rings already.
	Start()
	// Stop silences the ring at once.
	Stop()
	// Close stops and releases the ringer; Start does nothing afterwards.
	Close() error
}
