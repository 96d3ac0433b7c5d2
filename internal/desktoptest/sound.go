//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// listenEvery is how often the speaker takes what is played, and soundBytes how much that is at most:
	// what 44,100 samples a second of four bytes and two channels are in that time. A program that plays
	// less in that time is heard faster than it would be by a person.
	listenEvery = 50 * time.Millisecond
	soundBytes  = 44100 * 4 * 2 / 20
	// quietFor is how long nothing must have been played to be called silence: longer than what is under way.
	quietFor = time.Second
)

// speaker is a sound device of ALSA: a pipe into which the programs of the desktop play.
type speaker struct {
	pipe  *os.File
	done  chan struct{}
	heard atomic.Int64 // when something was played last, in nanoseconds since 1970
}

// startSpeaker makes the sound device, if it is wanted.
func (d *Desktop) startSpeaker(context.Context) error {
	if !d.options.Sound {
		return nil
	}
	path := filepath.Join(d.dir, "speaker")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return fmt.Errorf("no pipe for the sound: %w", err)
	}
	config := fmt.Sprintf("pcm.!default {\n type file\n slave.pcm null\n file %q\n format raw\n}\n", path)
	if err := os.WriteFile(filepath.Join(d.Home(), ".asoundrc"), []byte(config), 0o600); err != nil {
		return fmt.Errorf("the sound is not set up: %w", err)
	}
	// Open for writing too, so as neither to wait for a program nor to see an end when it closes the device.
	pipe, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("no pipe for the sound: %w", err)
	}
	d.speaker = &speaker{pipe: pipe, done: make(chan struct{})}
	go d.speaker.listen()
	return nil
}

// listen takes what is played, no faster than a real device.
func (s *speaker) listen() {
	defer close(s.done)
	tick := time.NewTicker(listenEvery)
	defer tick.Stop()
	sound := make([]byte, soundBytes)
	for {
		n, err := s.pipe.Read(sound)
		if err != nil {
			return // closed
		}
		if n > 0 {
			s.heard.Store(time.Now().UnixNano())
		}
		<-tick.C
	}
}

func (s *speaker) close() {
	_ = s.pipe.Close() // nothing is kept of it
	<-s.done
}

var errNoSpeaker = errors.New("desktop: it has no sound device: start it with Options.Sound")

// WaitSound waits until a program plays something.
func (d *Desktop) WaitSound(ctx context.Context) error {
	began := time.Now()
	return d.listenFor(ctx, "a sound", func(last time.Time) bool { return last.After(began) })
}

// WaitSilence waits until no program has played anything for a second.
func (d *Desktop) WaitSilence(ctx context.Context) error {
	return d.listenFor(ctx, "silence", func(last time.Time) bool { return time.Since(last) >= quietFor })
}

func (d *Desktop) listenFor(ctx context.Context, what string, so func(last time.Time) bool) error {
	if d.speaker == nil {
		return errNoSpeaker
	}
	return await(ctx, what, func(context.Context) (bool, error) {
		return so(time.Unix(0, d.speaker.heard.Load())), nil
	})
}
