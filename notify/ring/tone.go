package ring

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/notify"
)

// Tone is the name of a tone.
type Tone = notify.Tone

// The tones. Beep is not for choosing: it is what StartSoft plays.
const (
	Chime   = notify.ToneChime
	Bell    = notify.ToneBell
	Marimba = notify.ToneMarimba

	Beep Tone = "beep"
)

// Tones are the tones a person chooses among.
var Tones = notify.Tones

const (
	fullPeak = 0.5  // of full scale: the system's volume does the rest
	softPeak = 0.08 // heard as a third as loud, beside a voice in the headset
)

// score is how one ring of a tone is made: strokes on an instrument, and the
// silence after them.
type score struct {
	cadence time.Duration // from one ring to the next
	peak    float64       // of full scale
	instrument
	strokes []stroke
}

// stroke is one note.
type stroke struct {
	at    time.Duration
	pitch float64 // hertz
	level float64
}

// instrument is what a stroke sounds like.
type instrument struct {
	attack   time.Duration // a stroke that starts at full level clicks
	partials []partial
}

// partial is one of the vibrations that make a note.
type partial struct {
	ratio, level float64       // of its pitch and level to those of the note
	decay        time.Duration // until 1/e of the level
}

// The pitches stay above 500 Hz: below that, a laptop's speakers say little.
const (
	c5, e5, g5, a5 = 523.25, 659.26, 783.99, 880.00
	c6, e6, c7     = 1046.50, 1318.51, 2093.00
)

// A bell's higher partials are not harmonic and die sooner, which is what tells
// a bell from a flute.
var chimeBell = instrument{3 * time.Millisecond, []partial{
	{1, 1, 450 * time.Millisecond},
	{2, 0.35, 300 * time.Millisecond},
	{2.76, 0.2, 180 * time.Millisecond},
	{5.4, 0.08, 70 * time.Millisecond},
}}

// The half-sphere of a desk bell is never quite round, so that its lowest note
// is two that beat against each other; the strike is all in the high partials.
var deskBell = instrument{2 * time.Millisecond, []partial{
	{1, 1, 650 * time.Millisecond},
	{1.0031, 0.5, 650 * time.Millisecond},
	{2.71, 0.45, 300 * time.Millisecond},
	{4.9, 0.18, 90 * time.Millisecond},
}}

// A marimba's bars are cut so that the second partial is two octaves above the
// first; wood swallows all of them quickly.
var woodenBar = instrument{4 * time.Millisecond, []partial{
	{1, 1, 200 * time.Millisecond},
	{4, 0.22, 60 * time.Millisecond},
	{9.9, 0.05, 20 * time.Millisecond},
}}

// pureTone is a sine that swells and goes.
var pureTone = instrument{25 * time.Millisecond, []partial{{1, 1, 90 * time.Millisecond}}}

// scores has all tones.
var scores = map[Tone]score{
	// A falling major third: the door chime everybody knows.
	Chime: {2500 * time.Millisecond, fullPeak, chimeBell, []stroke{
		{0, e6, 1},
		{420 * time.Millisecond, c6, 0.9},
	}},
	// Two impatient strokes of the hand.
	Bell: {3 * time.Second, fullPeak, deskBell, []stroke{
		{0, c7, 0.9},
		{260 * time.Millisecond, c7, 1},
	}},
	// A chord that rises, and its top once more.
	Marimba: {3200 * time.Millisecond, fullPeak, woodenBar, []stroke{
		{0, c5, 0.9},
		{150 * time.Millisecond, e5, 0.9},
		{300 * time.Millisecond, g5, 0.95},
		{450 * time.Millisecond, c6, 1},
		{900 * time.Millisecond, g5, 0.8},
		{1050 * time.Millisecond, c6, 1},
	}},
	Beep: {4 * time.Second, softPeak, pureTone, []stroke{{0, a5, 1}}},
}

// choice returns the tone itself, or the first of Tones if it is none of them,
// as in settings that another version wrote.
func choice(t Tone) Tone {
	if slices.Contains(Tones, t) {
		return t
	}
	return Tones[0]
}
