package ring_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/notify/ring"
)

func TestToneIsChosenBeforeTheRing(t *testing.T) {
	for _, tone := range ring.Tones {
		t.Run(string(tone), func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				r.ringer.SetTone(tone)
				r.start()
				if !r.hears(tone) || r.played != 1 {
					t.Errorf("played %d times, want %s once", r.played, tone)
				}
			})
		})
	}
}

func TestToneIsChangedWhileItRings(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.ringer.SetVolume(0.5)
		r.start()
		before := time.Now()
		r.ringer.SetTone(ring.Marimba)
		synctest.Wait()
		if !r.ringing || !r.hears(ring.Marimba) || r.stopped != 1 || time.Since(before) != 0 {
			t.Errorf("ringing %v, stopped %d times after %v, want marimba in place of the chime at once", r.ringing, r.stopped, time.Since(before))
		}
		if r.gain != 0.25 {
			t.Errorf("gain %v after the change, want that from before", r.gain)
		}
		r.ringer.SetTone(ring.Marimba)
		synctest.Wait()
		if r.played != 2 {
			t.Error("the tone that rings already began anew")
		}
	})
}

func TestToneThatIsNoneIsTheFirst(t *testing.T) {
	for _, tone := range []ring.Tone{"", "kazoo", ring.Beep} {
		inRoom(t, func(t *testing.T, r *room) {
			r.ringer.SetTone(ring.Bell)
			r.ringer.SetTone(tone)
			r.start()
			if !r.hears(ring.Tones[0]) {
				t.Errorf("tone %q does not ring as %s", tone, ring.Tones[0])
			}
		})
	}
}

func TestVolumeIsChangedWhileItRings(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.ringer.SetVolume(0.5)
		r.start()
		if len(r.gains) != 1 || r.gains[0] != 0.25 {
			t.Errorf("rings began with gains %v, want one with 0.25", r.gains)
		}
		r.ringer.SetVolume(0.8)
		synctest.Wait()
		if r.played != 1 || math.Abs(r.gain-0.64) > 1e-9 {
			t.Errorf("played %d times, gain %v, want the same ring with 0.64", r.played, r.gain)
		}
	})
}

func TestVolumeZeroIsSilent(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.ringer.SetVolume(0)
		r.start()
		if r.opened != 0 {
			t.Error("the device was opened for silence")
		}
		r.ringer.SetVolume(1)
		synctest.Wait()
		if !r.ringing || r.gain != 1 {
			t.Errorf("ringing %v, gain %v, want a ring at full volume", r.ringing, r.gain)
		}
		r.ringer.SetVolume(0)
		synctest.Wait()
		if r.ringing {
			t.Error("rings at volume 0")
		}
		r.stop()
		r.ringer.SetVolume(1)
		synctest.Wait()
		if r.ringing {
			t.Error("a choice of volume rings")
		}
	})
}

func TestVolumeCurve(t *testing.T) {
	for _, tt := range []struct{ loudness, want float64 }{
		{0, 0}, {0.1, 0.01}, {0.5, 0.25}, {1, 1},
		{-1, 0}, {2, 1}, {math.NaN(), 0}, {math.Inf(1), 1}, {math.Inf(-1), 0},
	} {
		if got := ring.Gain(tt.loudness); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("gain(%v) = %v, want %v", tt.loudness, got, tt.want)
		}
	}
	last := -1.0
	for i := range 101 {
		got := ring.Gain(float64(i) / 100)
		if got <= last {
			t.Fatalf("gain(%v) = %v, want more than %v", float64(i)/100, got, last)
		}
		last = got
	}
}

func TestStartSoftBeeps(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.ringer.SetTone(ring.Bell)
		r.ringer.StartSoft()
		r.ringer.StartSoft()
		synctest.Wait()
		if !r.ringing || !r.hears(ring.Beep) || r.played != 1 {
			t.Errorf("ringing %v, played %d times, want one beep", r.ringing, r.played)
		}
		r.ringer.SetTone(ring.Marimba) // is for the next loud ring
		synctest.Wait()
		if r.played != 1 {
			t.Error("the beep was interrupted by the choice of a tone")
		}
		r.start() // the other call has ended
		if !r.ringing || !r.hears(ring.Marimba) {
			t.Error("does not ring loud after the beep")
		}
		r.ringer.StartSoft() // the agent took a call, the next one rings
		synctest.Wait()
		if !r.ringing || !r.hears(ring.Beep) {
			t.Error("does not ring soft after the ring")
		}
		r.stop()
		if r.ringing {
			t.Error("rings after Stop")
		}
	})
}

// The last of many choices counts, whatever the ringer made of those before.
func TestChoicesWhileTheDeviceOpens(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.opens = make(chan struct{})
		r.start()
		r.ringer.StartSoft()
		r.ringer.SetTone(ring.Marimba)
		r.ringer.SetVolume(0.1)
		r.ringer.Start()
		r.ringer.SetTone(ring.Bell)
		r.ringer.SetVolume(0.5)
		close(r.opens)
		synctest.Wait()
		if !r.hears(ring.Bell) || r.gain != 0.25 || r.played != 1 {
			t.Errorf("played %d times with gain %v, want the bell once with 0.25", r.played, r.gain)
		}
	})
}

func TestSounding(t *testing.T) {
	for _, tt := range []struct {
		name    string
		openErr error
		err     error // of the open device
		want    error
	}{
		{"a device", nil, nil, nil},
		{"none", ring.ErrNoDevice, nil, ring.ErrNoDevice},
		{"one that does not open", ring.ErrSlowDevice, nil, ring.ErrSlowDevice},
		{"an error of the sound system", errors.New("ALSA error -77"), nil, ring.ErrNoDevice},
		{"one that was lost", nil, errors.New("unplugged"), ring.ErrNoDevice},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inRoom(t, func(t *testing.T, r *room) {
				r.openErr, r.err = tt.openErr, tt.err
				if got := r.ringer.Sounding(t.Context()); got != tt.want {
					t.Errorf("Sounding() = %v, want %v", got, tt.want)
				}
				if got := r.ringer.Sounding(t.Context()); got != tt.want {
					t.Errorf("second Sounding() = %v, want %v", got, tt.want)
				}
				if r.played != 0 {
					t.Error("asking rings")
				}
				if lines := strings.Count(r.log.String(), "\n"); lines > 1 || (lines == 1) != (tt.want != nil) {
					t.Errorf("logged %q, want one line if there is no sound", r.log.String())
				}
				r.openErr, r.err = nil, nil
				if got := r.ringer.Sounding(t.Context()); got != nil {
					t.Errorf("Sounding() = %v after a device was connected", got)
				}
				r.start()
				if !r.ringing {
					t.Error("silent on the device that was found")
				}
			})
		})
	}
}

func TestSoundingWhileItRings(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.start()
		if err := r.ringer.Sounding(t.Context()); err != nil || r.opened != 1 || !r.ringing {
			t.Errorf("Sounding() = %v, opened %d times, ringing %v", err, r.opened, r.ringing)
		}
		r.err = errors.New("unplugged")
		if err := r.ringer.Sounding(t.Context()); err != ring.ErrNoDevice {
			t.Errorf("Sounding() = %v with a device that was unplugged, want ErrNoDevice", err)
		}
		r.stop()
		if r.stopped != 1 {
			t.Errorf("stopped %d times, want once", r.stopped)
		}
	})
}

func TestSoundingWaitsAsLongAsItIsTold(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.opens = make(chan struct{})
		before := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.ringer.Sounding(ctx); err != ring.ErrSlowDevice || time.Since(before) != time.Second {
			t.Errorf("Sounding() = %v after %v, want ErrSlowDevice after 1s", err, time.Since(before))
		}
		// The ringer waits for the device still, and for nobody else.
		if err := r.ringer.Sounding(ctx); err != ring.ErrSlowDevice {
			t.Errorf("Sounding() = %v, want ErrSlowDevice", err)
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := r.ringer.Sounding(gone); err != context.Canceled {
			t.Errorf("Sounding() = %v, want context.Canceled", err)
		}
		if err := r.ringer.Sounding(t.Context()); err != ring.ErrSlowDevice || time.Since(before) > 11*time.Second {
			t.Errorf("Sounding() = %v after %v, want ErrSlowDevice", err, time.Since(before))
		}
	})
}

func TestSoundingAfterClose(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		if err := r.ringer.Close(); err != nil {
			t.Fatal(err)
		}
		if err := r.ringer.Sounding(t.Context()); err == nil || r.opened != 0 {
			t.Errorf("Sounding() = %v, opened %d times after Close", err, r.opened)
		}
	})
}

func TestCloseEndsSounding(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.opens = make(chan struct{})
		answer := make(chan error)
		go func() { answer <- r.ringer.Sounding(t.Context()) }()
		synctest.Wait()
		if err := r.ringer.Close(); err != nil {
			t.Error(err)
		}
		if err := <-answer; err == nil {
			t.Error("Sounding() = nil of a ringer that was closed")
		}
	})
}
