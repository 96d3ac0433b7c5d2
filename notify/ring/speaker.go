//go:build !linux || cgo

package ring

import (
	"context"
	"io"
	"sync"

	"github.com/ebitengine/oto/v3"
)

// mixer is oto's context: a process can create one only, and no other after
// that one failed.
var mixer struct {
	sync.Mutex
	context *oto.Context
	ready   <-chan struct{}
	err     error
}

// Speaker opens the system's default sound device. All devices it returns are
// the same, so a process has one ringer.
func Speaker(ctx context.Context) (Device, error) {
	if !canPlay() {
		return nil, ErrNoDevice
	}
	mixer.Lock()
	defer mixer.Unlock()
	if mixer.context == nil && mixer.err == nil {
		mixer.context, mixer.ready, mixer.err = oto.NewContext(&oto.NewContextOptions{
			SampleRate:   SampleRate,
			ChannelCount: 1,
			Format:       oto.FormatSignedInt16LE,
		})
	}
	if mixer.err != nil {
		return nil, mixer.err
	}
	select {
	case <-mixer.ready:
	case <-ctx.Done():
		return nil, ErrSlowDevice // a later Start finds it open
	}
	// An open device plays silence and keeps the sound hardware awake.
	if err := mixer.context.Suspend(); err != nil {
		return nil, err
	}
	return &speaker{context: mixer.context, gain: 1}, nil
}

type speaker struct {
	context *oto.Context
	player  *oto.Player // nil while it is silent
	gain    float64
}

// SetVolume leaves the ramp between two volumes to oto.
func (s *speaker) SetVolume(gain float64) {
	s.gain = gain
	if s.player != nil {
		s.player.SetVolume(gain)
	}
}

func (s *speaker) Play(tone io.Reader) error {
	if err := s.context.Resume(); err != nil {
		return err
	}
	s.player = s.context.NewPlayer(tone)
	s.player.SetVolume(s.gain) // before it plays, or the ring would start at full volume
	s.player.Play()
	return nil
}

func (s *speaker) Stop() {
	s.player.Pause()
	s.player = nil
	// If the device was lost, the next Play says so.
	_ = s.context.Suspend()
}

func (s *speaker) Err() error {
	if !canPlay() {
		return ErrNoDevice
	}
	return s.context.Err()
}
