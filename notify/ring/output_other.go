//go:build !linux

package ring

// canPlay is true: these systems answer at once when there is no device.
func canPlay() bool { return true }
