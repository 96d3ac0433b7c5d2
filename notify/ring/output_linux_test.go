//go:build cgo

package ring_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/deskbell/deskbell/notify/ring"
)

func TestHasOutput(t *testing.T) {
	for _, tt := range []struct {
		name string
		file string // that exists, under the root
		env  map[string]string
		want bool
	}{
		{"nothing", "", nil, false},
		{"no sound card but a timer", "snd/timer", nil, false},
		{"microphone only", "snd/pcmC0D0c", nil, false},
		{"sound card", "snd/pcmC0D0p", nil, true},
		{"PulseAudio", "run/pulse/native", nil, true},
		{"PipeWire", "run/pipewire-0", nil, true},
		{"PulseAudio elsewhere", "", map[string]string{"PULSE_SERVER": "tcp:desk"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			if tt.file != "" {
				path := filepath.Join(root, tt.file)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			getenv := func(name string) string {
				if name == "XDG_RUNTIME_DIR" {
					return filepath.Join(root, "run")
				}
				return tt.env[name]
			}
			if got := ring.HasOutput(filepath.Join(root, "snd"), getenv); got != tt.want {
				t.Errorf("hasOutput() = %v, want %v", got, tt.want)
			}
		})
	}
}
