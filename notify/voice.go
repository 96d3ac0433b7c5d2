package notify

import (
	"context"

	"github.com/deskbell/deskbell/internal/lang"
)

// Tone is the name of a ring tone, as it is kept in the settings.
type Tone string

// The ring tones. All are our own and made in code.
const (
	ToneChime   Tone = "chime"   // a door chime: two falling notes
	ToneBell    Tone = "bell"    // a desk bell struck twice
	ToneMarimba Tone = "marimba" // soft wooden notes that rise
)

// Tones are the ring tones in the order in which a person chooses among them.
// The first one rings if nobody chose.
var Tones = []Tone{ToneChime, ToneBell, ToneMarimba}

// Voice is a Ringer with a sound that the person chooses. Package ring has it;
// a Ringer that is none has one tone and one volume. Its methods may be called
// from any goroutine, and all but Sounding return at once.
type Voice interface {
	Ringer
	// StartSoft rings until Stop like Start, but with a quiet beep every few
	// seconds: for an agent who is in a call already. Of Start and StartSoft the
	// later one counts.
	StartSoft()
	// SetTone chooses the tone, also of what rings now; one that is not in Tones
	// is the first of them.
	SetTone(Tone)
	// SetVolume sets how loud it rings, also now: from 0, which is silent, to 1.
	// Half is heard as about half as loud.
	SetVolume(loudness float64)
	// Sounding tells whether a ring can be heard: nil, ErrNoDevice or
	// ErrSlowDevice. It opens the sound device if need be, waits as long as ctx
	// allows, and plays nothing.
	Sounding(ctx context.Context) error
}

// Why calls ring without sound. Each says what to do.
var (
	ErrNoDevice   = lang.Errorf("there is no sound device: connect one to hear calls ring")
	ErrSlowDevice = lang.Errorf("the sound device does not open: restart the system's sound service to hear calls ring")
)
