package ring_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"testing"
	"time"

	"github.com/deskbell/deskbell/notify/ring"
)

// wave returns the samples of the tone, full scale being 1.
func wave() []float64 {
	pcm := ring.Tone()
	out := make([]float64, len(pcm)/2)
	for i := range out {
		out[i] = float64(int16(binary.LittleEndian.Uint16(pcm[2*i:]))) / math.MaxInt16
	}
	return out
}

// loudness is the root mean square of 50 ms from a moment on.
func loudness(w []float64, at time.Duration) float64 {
	var sum float64
	part := w[int(at.Seconds()*ring.SampleRate):][:ring.SampleRate/20]
	for _, v := range part {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(part)))
}

// strength is how much of a pitch is in 200 ms from a moment on.
func strength(w []float64, at time.Duration, pitch float64) float64 {
	part := w[int(at.Seconds()*ring.SampleRate):][:ring.SampleRate/5]
	var re, im float64
	for i, v := range part {
		angle := 2 * math.Pi * pitch * float64(i) / ring.SampleRate
		re += v * math.Cos(angle)
		im += v * math.Sin(angle)
	}
	return math.Hypot(re, im) / float64(len(part))
}

func TestToneLasts2500Milliseconds(t *testing.T) {
	if got, want := len(wave()), ring.SampleRate*5/2; got != want {
		t.Errorf("%d samples, want %d", got, want)
	}
}

func TestToneIsLoudEnoughAndNeverClips(t *testing.T) {
	var loudest float64
	for _, v := range wave() {
		loudest = max(loudest, math.Abs(v))
	}
	if math.Abs(loudest-0.5) > 0.001 {
		t.Errorf("loudest sample %.3f of full scale, want 0.5", loudest)
	}
}

func TestToneIsTwoStrokesThatDieAway(t *testing.T) {
	const e6, c6 = 1318.51, 1046.50
	w := wave()
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

func TestToneRepeatsWithoutAClick(t *testing.T) {
	w := wave()
	if w[0] != 0 || w[len(w)-1] != 0 {
		t.Errorf("starts at %v and ends at %v, want silence", w[0], w[len(w)-1])
	}
	for i := range 20 {
		if d := math.Abs(w[i+1] - w[i]); d > 0.05 {
			t.Errorf("step of %.3f at sample %d", d, i)
		}
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
