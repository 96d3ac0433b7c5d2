// Package ring plays the ring tones of Deskbell, which are made in code: a
// tone rings again and again until somebody answers.
//
//	ringer := ring.New(logger, ring.Speaker)
//	ringer.SetTone(ring.Marimba) // as in the settings; both may change at any time
//	ringer.SetVolume(0.7)
//	ringer.Start()               // a call rings
//	ringer.StartSoft()           // a call rings for an agent who is in another one
//	ringer.Stop()                // the last one ended
//	err := ringer.Sounding(ctx)  // would it be heard?
//
// A [Ringer] is a [notify.Voice]. [PCM] makes the tones: all of [Tones] have the
// same peak, so that one volume fits all, and each has a cadence of its own.
// Beep is the quiet one for an agent in a call.
//
// The sound device is opened at the first Start or Sounding by the ringer's own
// goroutine, since that may take seconds. Where there is none the ringer is
// silent, says so once in the log and looks again at the next Start. While
// nothing rings, or nothing can be heard at volume 0, the device is suspended
// and costs nothing.
//
// Sound on Linux goes through ALSA and needs cgo. Built without it the package
// compiles, and there is no sound device.
package ring
