package ring

import (
	"encoding/binary"
	"io"
	"math"
	"time"
)

// The format of all tones: mono, signed 16 bit, little endian.
const (
	SampleRate  = 44100
	sampleBytes = 2
)

// fade is at the end of a ring, so that its repetition does not click.
const fade = 100 * time.Millisecond

// inaudible is how many decays it takes until nothing of a partial is left in
// 16 bits.
const inaudible = 12

// PCM returns one ring of a tone, its silence included: mono, 16 bit signed,
// little endian, at SampleRate. It starts and ends with silence, so that it can
// be repeated. A tone that is not known is the first of Tones.
func PCM(t Tone) []byte {
	s, known := scores[t]
	if !known {
		s = scores[choice(t)]
	}
	wave := make([]float64, samples(s.cadence))
	for _, note := range s.strokes {
		s.strike(wave[samples(note.at):], note)
	}
	fadeOut(wave)
	return encode(wave, s.peak)
}

func samples(d time.Duration) int { return int(d.Seconds() * SampleRate) }

// strike adds a stroke to a wave that begins with it.
func (i instrument) strike(wave []float64, s stroke) {
	for _, p := range i.partials {
		heard := wave[:min(len(wave), samples(inaudible*p.decay))]
		for n := range heard {
			t := float64(n) / SampleRate
			rise := min(1, t/i.attack.Seconds())
			decay := math.Exp(-t / p.decay.Seconds())
			heard[n] += rise * s.level * p.level * decay * math.Sin(2*math.Pi*s.pitch*p.ratio*t)
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
func encode(wave []float64, peak float64) []byte {
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
