package ring_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/notify/ring"
)

// all are the tones and how they should be: the cadence, and the peak as a part
// of full scale.
var all = []struct {
	tone    ring.Tone
	cadence time.Duration
	peak    float64
}{
	{ring.Chime, 2500 * time.Millisecond, 0.5},
	{ring.Bell, 3 * time.Second, 0.5},
	{ring.Marimba, 3200 * time.Millisecond, 0.5},
	{ring.Beep, 4 * time.Second, 0.08},
}

// waves has the samples of each tone, full scale being 1.
var waves = func() map[ring.Tone][]float64 {
	out := make(map[ring.Tone][]float64)
	for _, a := range all {
		pcm := ring.PCM(a.tone)
		for i := 0; i < len(pcm); i += 2 {
			out[a.tone] = append(out[a.tone], float64(int16(binary.LittleEndian.Uint16(pcm[i:])))/math.MaxInt16)
		}
	}
	return out
}()

// loudness is the root mean square of 50 ms from a moment on.
func loudness(w []float64, at time.Duration) float64 {
	var sum float64
	part := w[int(at.Seconds()*ring.SampleRate):][:ring.SampleRate/20]
	for _, v := range part {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(part)))
}

// strength is how much of a pitch is in 100 ms from a moment on.
func strength(w []float64, at time.Duration, pitch float64) float64 {
	part := w[int(at.Seconds()*ring.SampleRate):][:ring.SampleRate/10]
	var re, im float64
	for i, v := range part {
		angle := 2 * math.Pi * pitch * float64(i) / ring.SampleRate
		re += v * math.Cos(angle)
		im += v * math.Sin(angle)
	}
	return math.Hypot(re, im) / float64(len(part))
}

func TestTonesAreKnownAndTheirOwn(t *testing.T) {
	if !slices.Equal(ring.Tones, []ring.Tone{ring.Chime, ring.Bell, ring.Marimba}) {
		t.Errorf("tones to choose among: %v", ring.Tones)
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if bytes.Equal(ring.PCM(a.tone), ring.PCM(b.tone)) || a.cadence == b.cadence {
				t.Errorf("%s and %s are the same or repeat in the same time", a.tone, b.tone)
			}
		}
		if !bytes.Equal(ring.PCM(a.tone), ring.PCM(a.tone)) {
			t.Errorf("%s is not the same twice", a.tone)
		}
	}
	if !bytes.Equal(ring.PCM("kazoo"), ring.PCM(ring.Chime)) {
		t.Error("a tone that is not known is not the chime")
	}
}

func TestToneCadence(t *testing.T) {
	for _, a := range all {
		if got, want := len(waves[a.tone]), int(a.cadence.Seconds()*ring.SampleRate); got != want {
			t.Errorf("%s has %d samples, want %d", a.tone, got, want)
		}
	}
}

func TestTonesHaveOnePeakAndNeverClip(t *testing.T) {
	for _, a := range all {
		var loudest float64
		for _, v := range waves[a.tone] {
			loudest = max(loudest, math.Abs(v))
		}
		if math.Abs(loudest-a.peak) > 0.001 {
			t.Errorf("loudest sample of %s is %.3f of full scale, want %v", a.tone, loudest, a.peak)
		}
	}
}

// Each ring ends in silence that lasts a third of it at least: that is what
// makes a cadence of it.
func TestTonesDieAway(t *testing.T) {
	for _, a := range all {
		w := waves[a.tone]
		var loudest float64
		for at := time.Duration(0); at < a.cadence-100*time.Millisecond; at += 50 * time.Millisecond {
			loudest = max(loudest, loudness(w, at))
		}
		for at := a.cadence * 2 / 3; at < a.cadence-50*time.Millisecond; at += 50 * time.Millisecond {
			if got := loudness(w, at); got > loudest/10 {
				t.Errorf("%s has loudness %.4f after %v, want less than a tenth of %.4f", a.tone, got, at, loudest)
			}
		}
	}
}

func TestTonesRepeatWithoutAClick(t *testing.T) {
	for _, a := range all {
		w := waves[a.tone]
		if w[0] != 0 || w[len(w)-1] != 0 {
			t.Errorf("%s starts at %v and ends at %v, want silence", a.tone, w[0], w[len(w)-1])
		}
		// Across the seam, from the fade at the end into the attack.
		last := w[len(w)-ring.SampleRate/100]
		for i, v := range slices.Concat(w[len(w)-ring.SampleRate/100:], w[:20]) {
			if d := math.Abs(v - last); d > a.peak/10 {
				t.Errorf("%s: step of %.3f at sample %d around its repetition", a.tone, d, i)
			}
			last = v
		}
	}
}

// A step that no partial of the tone can make would be a click: a stroke that
// starts at full level, or one that is cut off.
func TestTonesHaveNoClickInside(t *testing.T) {
	for _, a := range all {
		w := waves[a.tone]
		for i := 2; i < len(w); i++ {
			// How much a sample is off from where the two before it lead.
			if d := math.Abs(w[i] - 2*w[i-1] + w[i-2]); d > a.peak/2 {
				t.Errorf("%s: kink of %.3f at sample %d", a.tone, d, i)
				break
			}
		}
	}
}

func TestChimeIsTwoStrokesThatDieAway(t *testing.T) {
	const e6, c6 = 1318.51, 1046.50
	w := waves[ring.Chime]
	first, second := 10*time.Millisecond, 430*time.Millisecond
	if e, c := strength(w, first, e6), strength(w, first, c6); e < 10*c {
		t.Errorf("first stroke: E6 %.4f, C6 %.4f, want E6 alone", e, c)
	}
	if e, c := strength(w, second, e6), strength(w, second, c6); c < e {
		t.Errorf("second stroke: E6 %.4f, C6 %.4f, want C6 above what is left of E6", e, c)
	}
	levels := []float64{loudness(w, second), loudness(w, time.Second), loudness(w, 1700*time.Millisecond), loudness(w, 2440*time.Millisecond)}
	for i := 1; i < len(levels); i++ {
		if levels[i] > levels[i-1]/2 {
			t.Errorf("levels after the second stroke %.4f, want each at most half of the one before", levels)
		}
	}
}

func TestBellIsStruckTwice(t *testing.T) {
	w := waves[ring.Bell]
	for _, stroke := range []time.Duration{0, 260 * time.Millisecond} {
		if before, after := strength(w, max(0, stroke-110*time.Millisecond), 2093), strength(w, stroke+5*time.Millisecond, 2093); stroke > 0 && after < before {
			t.Errorf("stroke after %v: %.4f, before it %.4f", stroke, after, before)
		}
		// The strike has what a flute has not.
		if got, low := strength(w, stroke+5*time.Millisecond, 2093*2.71), strength(w, stroke+5*time.Millisecond, 2093); got < low/20 {
			t.Errorf("stroke after %v: high partial %.4f beside %.4f, want a bell", stroke, got, low)
		}
	}
}

func TestMarimbaRises(t *testing.T) {
	w := waves[ring.Marimba]
	notes := []float64{523.25, 659.26, 783.99, 1046.50}
	for i, pitch := range notes {
		at := time.Duration(i)*150*time.Millisecond + 20*time.Millisecond
		for j, other := range notes {
			if got, wrong := strength(w, at, pitch), strength(w, at, other); j > i && got < 3*wrong {
				t.Errorf("note %d: %.4f of its pitch and %.4f of note %d, which comes later", i, got, wrong, j)
			}
		}
	}
	if got, dry := loudness(w, 1060*time.Millisecond), loudness(w, 2*time.Second); dry > got/30 {
		t.Errorf("loudness %.4f a second after the last note (%.4f), want dry wood", dry, got)
	}
}

func TestBeepIsOneAndSoft(t *testing.T) {
	w := waves[ring.Beep]
	if got := loudness(w, time.Second); got > 0.001 {
		t.Errorf("loudness %.4f after a second, want silence", got)
	}
	if got, want := loudness(w, 20*time.Millisecond), loudness(waves[ring.Chime], 20*time.Millisecond); got > want/3 || got == 0 {
		t.Errorf("loudness %.4f, want less than a third of the chime's %.4f", got, want)
	}
}

func TestLoopHasNoEnd(t *testing.T) {
	tone := []byte("abcde")
	got := make([]byte, 12)
	loop := ring.NewLoop(tone)
	for _, part := range [][]byte{got[:3], got[3:3], got[3:]} {
		if n, err := io.ReadFull(loop, part); n != len(part) || err != nil {
			t.Fatalf("read %d, %v", n, err)
		}
	}
	if !bytes.Equal(got, []byte("abcdeabcdeab")) {
		t.Errorf("read %q", got)
	}
}
