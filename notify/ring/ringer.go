package ring

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

const (
	openWait  = 5 * time.Second // for a sound device to open
	closeWait = 2 * time.Second // for one to fall silent
)

// What an Open returns, and Sounding: there is nothing that can play sound, or
// it still opens.
var (
	ErrNoDevice   = notify.ErrNoDevice
	ErrSlowDevice = notify.ErrSlowDevice
)

// errClosed is what Sounding returns after Close.
var errClosed = lang.Errorf("the ringer is closed: start Deskbell again to hear calls ring")

// Device plays sound. Its methods are called from one goroutine.
type Device interface {
	// SetVolume sets the factor for the amplitude of what plays now and of what
	// is played next, from 0 to 1. It takes effect at once and without a click.
	SetVolume(gain float64)
	// Play plays a tone that never ends, in the format of PCM, until Stop.
	Play(tone io.Reader) error
	// Stop silences the device at once.
	Stop()
	// Err tells why the device does not play any more, nil if it does.
	Err() error
}

// Open opens a sound device. It gives up when ctx ends.
type Open func(ctx context.Context) (Device, error)

// Ringer is a notify.Voice that plays tones on a sound device.
type Ringer struct {
	log    *slog.Logger
	open   Open
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wake   chan struct{}     // holds a token when the wish changed
	asks   chan chan<- error // see Sounding
	ended  chan struct{}     // closed when the goroutine has ended

	mu      sync.Mutex
	ringing ringing
	tone    Tone
	gain    float64
	running bool // the goroutine was started
}

// ringing is how it should ring now.
type ringing int

const (
	not ringing = iota
	soft
	loud
)

var _ notify.Voice = (*Ringer)(nil)

// New returns a ringer that plays on what open opens, normally Speaker. It rings
// the first of Tones at full volume unless told otherwise.
func New(log *slog.Logger, open Open) *Ringer {
	ctx, cancel := context.WithCancel(context.Background())
	return &Ringer{
		log:    log,
		open:   open,
		ctx:    ctx,
		cancel: cancel,
		wake:   make(chan struct{}, 1),
		asks:   make(chan chan<- error),
		ended:  make(chan struct{}),
		tone:   Tones[0],
		gain:   1,
	}
}

// Start implements notify.Ringer.
func (r *Ringer) Start() { r.ring(loud) }

// StartSoft implements notify.Voice.
func (r *Ringer) StartSoft() { r.ring(soft) }

// Stop implements notify.Ringer.
func (r *Ringer) Stop() { r.ring(not) }

func (r *Ringer) ring(how ringing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ringing == how || !r.begin() {
		return
	}
	r.ringing = how
	r.signal()
}

// SetTone implements notify.Voice.
func (r *Ringer) SetTone(t Tone) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tone = choice(t)
	r.signal()
}

// SetVolume implements notify.Voice.
func (r *Ringer) SetVolume(loudness float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gain = gain(loudness)
	r.signal()
}

// Sounding implements notify.Voice.
func (r *Ringer) Sounding(ctx context.Context) error {
	r.mu.Lock()
	open := r.begin()
	r.mu.Unlock()
	if !open {
		return errClosed
	}
	answer := make(chan error, 1)
	select {
	case r.asks <- answer:
	case <-r.ended:
		return errClosed
	case <-ctx.Done():
		return late(ctx)
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return late(ctx)
	}
}

// late is why nobody waited for the sound device.
func late(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrSlowDevice
	}
	return ctx.Err()
}

// Close implements notify.Ringer. It waits until the device is silent; an error
// says that the device hangs.
func (r *Ringer) Close() error {
	r.mu.Lock()
	r.ringing = not
	r.cancel()
	running := r.running
	r.mu.Unlock()
	if !running {
		return nil
	}
	timeout := time.NewTimer(closeWait)
	defer timeout.Stop()
	select {
	case <-r.ended:
		return nil
	case <-timeout.C:
		return lang.Errorf("the sound device hangs: unplug it, or restart the system's sound service")
	}
}

// begin starts the goroutine at its first use, and is false after Close. It is
// called under the lock.
func (r *Ringer) begin() bool {
	if r.ctx.Err() != nil {
		return false
	}
	if !r.running {
		r.running = true
		go r.run()
	}
	return true
}

func (r *Ringer) signal() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// wish is what to play and how loud; no tone is silence.
func (r *Ringer) wish() (Tone, float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.ringing == not, r.gain == 0:
		return "", 0
	case r.ringing == soft:
		return Beep, r.gain
	}
	return r.tone, r.gain
}

func (r *Ringer) run() {
	defer close(r.ended)
	p := player{ringer: r, pcm: make(map[Tone][]byte)}
	defer p.stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-r.wake:
			p.follow()
		case answer := <-r.asks:
			answer <- p.sounding()
		}
	}
}
