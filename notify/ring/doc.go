// Package ring plays the ring tone of Deskbell: a desk bell struck twice, made
// in code and repeated until somebody answers.
//
//	ringer := ring.New(logger, ring.Speaker)
//	ringer.Start() // a call rings
//	ringer.Stop()  // the last one ended
//
// The sound device is opened at the first Start by the ringer's own goroutine,
// since that may take seconds. Where there is none the ringer is silent, says
// so once in the log and looks again at the next Start. While nothing rings the
// device is suspended and costs nothing.
//
// Sound on Linux goes through ALSA and needs cgo. Built without it the package
// compiles, and there is no sound device.
package ring
