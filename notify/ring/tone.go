package ring

import (
	"encoding/binary"
	"io"
	"math"
	"time"
)

// The format of the tone: mono, signed 16 bit, little endian.
const (
	SampleRate  = 44100
	sampleBytes = 2
)

// cadence is the length of one ring: two strokes and the silence after them.
const cadence = 2500 * time.Millisecond

const (
	peak   = 0.5                    // of full scale: the system's volume does the rest
	attack = 3 * time.Millisecond   // a stroke that starts at full level clicks
	fade   = 100 * time.Millisecond // at the end, so that the repetition does not
)

// stroke is one stroke on a bell.
type stroke struct {
	at    time.Duration
	pitch float64 // hertz
	level float64
}

// strokes are a falling major third, E6 and C6: the door chime everybody knows,
// high enough for a laptop's speakers.
var strokes = []stroke{
	{0, 1318.51, 1},
	{420 * time.Millisecond, 1046.50, 0.9},
}

// partials make a struck bell of a pitch. The higher ones are not harmonic and
// die sooner, which is what tells a bell from a flute.
var partials = []struct {
	ratio, level float64
	decay        time.Duration // until 1/e of the level
}{
	{1, 1, 450 * time.Millisecond},
	{2, 0.35, 300 * time.Millisecond},
	{2.76, 0.2, 180 * time.Millisecond},
	{5.4, 0.08, 70 * time.Millisecond},
}

// Tone returns one ring as PCM: mono, 16 bit signed, little endian, at
// SampleRate.
func Tone() []byte {
	wave := make([]float64, samples(cadence))
	for _, s := range strokes {
		strike(wave[samples(s.at):], s)
	}
	fadeOut(wave)
	return encode(wave)
}

func samples(d time.Duration) int { return int(d.Seconds() * SampleRate) }

func strike(wave []float64, s stroke) {
	for i := range wave {
		t := float64(i) / SampleRate
		rise := min(1, t/attack.Seconds())
		for _, p := range partials {
			decay := math.Exp(-t / p.decay.Seconds())
			wave[i] += rise * s.level * p.level * decay * math.Sin(2*math.Pi*s.pitch*p.ratio*t)
		}
	}
}

func fadeOut(wave []float64) {
	n := samples(fade)
	tail := wave[len(wave)-n:]
	for i := range tail {
		tail[i] *= float64(n-1-i) / float64(n)
	}
}

// encode scales the loudest sample to peak.
func encode(wave []float64) []byte {
	var loudest float64
	for _, v := range wave {
		loudest = max(loudest, math.Abs(v))
	}
	pcm := make([]byte, 0, len(wave)*sampleBytes)
	for _, v := range wave {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(math.Round(v/loudest*peak*math.MaxInt16))))
	}
	return pcm
}

// loop reads a tone again and again, without end.
type loop struct {
	pcm []byte
	at  int
}

func newLoop(pcm []byte) io.Reader { return &loop{pcm: pcm} }

func (l *loop) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], l.pcm[l.at:])
		l.at = (l.at + k) % len(l.pcm)
		n += k
	}
	return n, nil
}
