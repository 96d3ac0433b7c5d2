package ring_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/notify/ring"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// room is where the sound is heard. Its fields are read while the ringer waits.
type room struct {
	opened, played, stopped int
	ringing                 bool
	gain                    float64       // of what rings, and of what rings next
	heard                   []byte        // the first bytes of the last tone
	gains                   []float64     // that a ring started with
	openErr, playErr, err   error         // what goes wrong
	opens                   chan struct{} // closed when the device opens; nil at once
	hangs                   chan struct{} // closed when Stop returns; nil at once
	log                     bytes.Buffer
	ringer                  *ring.Ringer
}

func (r *room) open(ctx context.Context) (ring.Device, error) {
	r.opened++
	if r.opens != nil {
		select {
		case <-r.opens:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if r.openErr != nil {
		return nil, r.openErr
	}
	return r, nil
}

func (r *room) Play(tone io.Reader) error {
	if r.playErr != nil {
		return r.playErr
	}
	r.played++
	r.ringing = true
	r.gains = append(r.gains, r.gain)
	r.heard = make([]byte, 32768)
	_, err := io.ReadFull(tone, r.heard)
	return err
}

func (r *room) Stop() {
	if r.hangs != nil {
		<-r.hangs
	}
	r.stopped++
	r.ringing = false
}

func (r *room) SetVolume(gain float64) { r.gain = gain }

func (r *room) Err() error { return r.err }

// hears tells whether the last ring began with the beginning of that tone.
func (r *room) hears(t ring.Tone) bool {
	return bytes.Equal(r.heard, ring.PCM(t)[:len(r.heard)])
}

// start starts the ringer, stop stops it, and both wait until that took effect.
func (r *room) start() { r.ringer.Start(); synctest.Wait() }
func (r *room) stop()  { r.ringer.Stop(); synctest.Wait() }

func inRoom(t *testing.T, test func(t *testing.T, r *room)) {
	synctest.Test(t, func(t *testing.T) {
		r := new(room)
		r.ringer = ring.New(slog.New(slog.NewTextHandler(&r.log, nil)), r.open)
		test(t, r)
		if err := r.ringer.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestRingerRingsUntilStopped(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.stop()
		if r.opened != 0 {
			t.Error("the device was opened before the first Start")
		}
		r.start()
		r.start()
		if !r.ringing || r.played != 1 {
			t.Errorf("ringing %v, played %d times, want once", r.ringing, r.played)
		}
		if !r.hears(ring.Chime) || r.gain != 1 {
			t.Errorf("what is played at gain %v is not the beginning of the chime", r.gain)
		}
		before := time.Now()
		r.stop()
		r.stop()
		if r.ringing || r.stopped != 1 || time.Since(before) != 0 {
			t.Errorf("ringing %v, stopped %d times after %v, want once at once", r.ringing, r.stopped, time.Since(before))
		}
		r.start()
		if !r.ringing || r.opened != 1 || !r.hears(ring.Chime) {
			t.Errorf("second ring: ringing %v, opened %d times, want the tone from its beginning on the same device", r.ringing, r.opened)
		}
	})
}

func TestRingerWithoutDevice(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.openErr = ring.ErrNoDevice
		for range 3 {
			r.start()
			r.stop()
		}
		if got := strings.Count(r.log.String(), "\n"); got != 1 || !strings.Contains(r.log.String(), "level=INFO") {
			t.Errorf("logged %q, want one line at Info", r.log.String())
		}
		r.openErr = nil // a headset was plugged in
		r.start()
		if !r.ringing {
			t.Error("silent although there is a device now")
		}
	})
}

func TestRingerDeviceLost(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.playErr = errors.New("unplugged")
		r.start()
		r.stop()
		if r.stopped != 0 || r.log.Len() == 0 {
			t.Errorf("stopped %d times, logged %q", r.stopped, r.log.String())
		}
		r.playErr = nil
		r.start()
		if !r.ringing || r.opened != 2 {
			t.Errorf("ringing %v, opened %d times, want a second opening", r.ringing, r.opened)
		}
	})
}

func TestRingerStoppedWhileTheDeviceOpens(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.opens = make(chan struct{})
		r.start()
		r.stop()
		close(r.opens)
		synctest.Wait()
		if r.played != 0 {
			t.Error("a call that ended rings")
		}
		r.start()
		if !r.ringing || r.opened != 1 {
			t.Errorf("ringing %v, opened %d times, want the opened device to be used", r.ringing, r.opened)
		}
	})
}

func TestRingerGivesUpOnADeviceThatDoesNotOpen(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.opens = make(chan struct{})
		r.start()
		<-time.After(5 * time.Second) // of the bubble's clock
		synctest.Wait()
		if r.log.Len() == 0 {
			t.Error("nothing logged after 5 s")
		}
	})
}

func TestRingerClose(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.start()
		if err := r.ringer.Close(); err != nil || r.ringing {
			t.Errorf("Close returned %v, ringing %v", err, r.ringing)
		}
		r.start()
		if r.played != 1 {
			t.Error("rings after Close")
		}
	})
}

func TestRingerCloseWhileTheDeviceOpens(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.opens = make(chan struct{})
		r.start()
		before := time.Now()
		if err := r.ringer.Close(); err != nil || time.Since(before) != 0 {
			t.Errorf("Close returned %v after %v, want nil at once", err, time.Since(before))
		}
		if r.log.Len() != 0 {
			t.Errorf("logged %q", r.log.String())
		}
	})
}

func TestRingerCloseWithAHangingDevice(t *testing.T) {
	inRoom(t, func(t *testing.T, r *room) {
		r.hangs = make(chan struct{})
		r.start()
		before := time.Now()
		if err := r.ringer.Close(); err == nil || time.Since(before) != 2*time.Second {
			t.Errorf("Close returned %v after %v, want an error after 2s", err, time.Since(before))
		}
		close(r.hangs)
	})
}
