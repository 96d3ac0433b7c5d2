package ring

import (
	"context"
	"errors"
)

// player is what the goroutine of a ringer holds.
type player struct {
	ringer *Ringer
	pcm    map[Tone][]byte // that were played
	device Device          // nil until one opens
	tone   Tone            // that plays now; empty while it is silent
	gain   float64
	told   bool // that there is no sound
}

// follow makes it sound as the ringer wishes.
func (p *player) follow() {
	tone, gain := p.ringer.wish()
	switch {
	case tone != p.tone:
		p.stop()
		if tone != "" {
			p.play()
		}
	case tone != "" && gain != p.gain:
		p.gain = gain
		p.device.SetVolume(gain)
	}
}

func (p *player) play() {
	if err := p.ready(); err != nil {
		p.silent(err)
		return
	}
	tone, gain := p.ringer.wish()
	if tone == "" {
		return // stopped while the device opened
	}
	if p.pcm[tone] == nil {
		p.pcm[tone] = PCM(tone)
	}
	p.device.SetVolume(gain)
	if err := p.device.Play(newLoop(p.pcm[tone])); err != nil {
		p.device = nil
		p.silent(err)
		return
	}
	p.tone, p.gain = tone, gain
}

func (p *player) stop() {
	if p.tone != "" {
		p.tone = ""
		p.device.Stop()
	}
}

// ready opens a device if there is none yet.
func (p *player) ready() error {
	if p.device != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(p.ringer.ctx, openWait)
	defer cancel()
	device, err := p.ringer.open(ctx)
	if err != nil {
		return err
	}
	p.device = device
	return nil
}

// sounding tells whether what rings now, or next, is heard.
func (p *player) sounding() error {
	err := p.ready()
	if err == nil {
		if err = p.device.Err(); err != nil && p.tone == "" {
			p.device = nil // to be opened anew
		}
	}
	switch {
	case err == nil:
		p.told = false
		return nil
	case p.ringer.ctx.Err() != nil:
		return errClosed
	}
	p.silent(err)
	if errors.Is(err, ErrSlowDevice) || errors.Is(err, context.DeadlineExceeded) {
		return ErrSlowDevice
	}
	// What else a sound system says is for the log.
	return ErrNoDevice
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
