package ring

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/notify"
)

const (
	openWait  = 5 * time.Second // for a sound device to open
	closeWait = 2 * time.Second // for one to fall silent
)

// ErrNoDevice is what an Open returns where nothing can play sound.
var ErrNoDevice = errors.New("there is no sound device: connect one to hear calls ring")

// Device plays sound. Its methods are called from one goroutine.
type Device interface {
	// Play plays a tone that never ends, in the format of Tone, until Stop.
	Play(tone io.Reader) error
	// Stop silences the device at once.
	Stop()
}

// Open opens a sound device. It gives up when ctx ends.
type Open func(ctx context.Context) (Device, error)

// Ringer is a notify.Ringer that plays Tone on a sound device.
type Ringer struct {
	log    *slog.Logger
	open   Open
	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wake   chan struct{} // holds a token when want changed
	ended  chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	want    bool // to ring
	running bool // the goroutine was started
}

var _ notify.Ringer = (*Ringer)(nil)

// New returns a ringer that plays on what open opens, normally Speaker.
func New(log *slog.Logger, open Open) *Ringer {
	ctx, cancel := context.WithCancel(context.Background())
	return &Ringer{
		log:    log,
		open:   open,
		ctx:    ctx,
		cancel: cancel,
		wake:   make(chan struct{}, 1),
		ended:  make(chan struct{}),
	}
}

// Start implements notify.Ringer.
func (r *Ringer) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.want || r.ctx.Err() != nil {
		return
	}
	r.want = true
	if !r.running {
		r.running = true
		go r.run()
	}
	r.signal()
}

// Stop implements notify.Ringer.
func (r *Ringer) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.want {
		r.want = false
		r.signal()
	}
}

// Close implements notify.Ringer. It waits until the device is silent; an error
// says that the device hangs.
func (r *Ringer) Close() error {
	r.mu.Lock()
	r.want = false
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
		return errors.New("the sound device hangs: unplug it, or restart the system's sound service")
	}
}

func (r *Ringer) signal() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *Ringer) wanted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.want
}

func (r *Ringer) run() {
	defer close(r.ended)
	p := player{ringer: r, tone: Tone()}
	defer p.stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-r.wake:
		}
		if r.wanted() {
			p.play()
		} else {
			p.stop()
		}
	}
}

// player is what the goroutine of a ringer holds.
type player struct {
	ringer  *Ringer
	tone    []byte
	device  Device // nil until one opens
	playing bool
	told    bool // that there is no sound
}

func (p *player) play() {
	if p.playing {
		return
	}
	if p.device == nil {
		ctx, cancel := context.WithTimeout(p.ringer.ctx, openWait)
		defer cancel()
		device, err := p.ringer.open(ctx)
		if err != nil {
			p.silent(err)
			return
		}
		p.device = device
	}
	if !p.ringer.wanted() {
		return // stopped while the device opened
	}
	if err := p.device.Play(newLoop(p.tone)); err != nil {
		p.device = nil
		p.silent(err)
		return
	}
	p.playing = true
}

func (p *player) stop() {
	if p.playing {
		p.playing = false
		p.device.Stop()
	}
}

// silent tells once that calls ring without sound. It is no failure: they ring
// on the screen.
func (p *player) silent(err error) {
	if p.told || p.ringer.ctx.Err() != nil {
		return
	}
	p.told = true
	p.ringer.log.Info("calls ring without sound", "err", err)
}
