//go:build linux && !cgo

package ring

import "context"

// Speaker returns ErrNoDevice: ALSA needs cgo.
func Speaker(context.Context) (Device, error) { return nil, ErrNoDevice }
