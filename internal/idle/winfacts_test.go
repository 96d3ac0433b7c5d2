package idle_test

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/idle"
)

func TestSessionOfWindows(t *testing.T) {
	info := func(level, connection, flags uint32) []byte {
		b := make([]byte, 224) // as long as the whole structure
		binary.LittleEndian.PutUint32(b[0:], level)
		binary.LittleEndian.PutUint32(b[8:], 3) // the session's id
		binary.LittleEndian.PutUint32(b[12:], connection)
		binary.LittleEndian.PutUint32(b[16:], flags)
		return b
	}
	for _, tt := range []struct {
		name string
		info []byte
		want idle.State
	}{
		{"locked", info(1, 0, 0), idle.Locked},
		{"unlocked", info(1, 0, 1), idle.Unlocked},
		{"disconnected", info(1, 4, 1), idle.Locked},
		{"not known", info(1, 0, math.MaxUint32), idle.Unknown},
		{"another level", info(2, 0, 0), idle.Unknown},
		{"short", info(1, 0, 0)[:19], idle.Unknown},
		{"nothing", nil, idle.Unknown},
	} {
		if got := idle.LockOf(tt.info); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTickOfWindows(t *testing.T) {
	const wrap = 1 << 32 * time.Millisecond
	for _, tt := range []struct {
		tick      uint32
		sinceBoot time.Duration
		want      time.Duration
	}{
		{0, 0, 0},
		{1000, 5 * time.Second, 4 * time.Second},
		{5000, 5 * time.Second, 0},
		{5010, 5 * time.Second, 0}, // an input after the clock was read
		{math.MaxUint32 - 999, wrap + 2*time.Second, 3 * time.Second},
		{0, wrap + 2*time.Second, 2 * time.Second},
		{0, 20 * 24 * time.Hour, 20 * 24 * time.Hour},
		{0, 40 * 24 * time.Hour, 40 * 24 * time.Hour},
	} {
		if got := idle.SinceTick(tt.tick, tt.sinceBoot); got != tt.want {
			t.Errorf("tick %d at %v: %v, want %v", tt.tick, tt.sinceBoot, got, tt.want)
		}
	}
}
