//go:build cgo

package ring_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/deskbell/deskbell/notify/ring"
)

// childVariable makes the test binary a ringer on ALSA that does what it reads.
// It is a process of its own since sound on ALSA never ends in one.
const childVariable = "DESKBELL_RING_CHILD"

func init() {
	if os.Getenv(childVariable) != "" {
		ringOnALSA()
		os.Exit(0)
	}
}

func ringOnALSA() {
	ringer := ring.New(slog.New(slog.NewTextHandler(os.Stderr, nil)), ring.Speaker)
	defer ringer.Close()
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		var volume float64
		switch order := orders.Text(); {
		case order == "start":
			ringer.Start()
		case order == "soft":
			ringer.StartSoft()
		case order == "stop":
			ringer.Stop()
		case strings.HasPrefix(order, "volume "):
			fmt.Sscan(order[len("volume "):], &volume)
			ringer.SetVolume(volume)
		default:
			ringer.SetTone(ring.Tone(order))
		}
	}
}

// speaker is what ALSA plays, on its way from the child through a named pipe. It
// is played as fast as the test listens.
type speaker struct {
	t      *testing.T
	orders io.Writer
	pipe   *os.File
	sound  *bufio.Reader
}

const patience = 20 * time.Second

func newSpeaker(t *testing.T) *speaker {
	home := t.TempDir()
	path := filepath.Join(home, "speaker")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("pcm.!default {\n type file\n slave.pcm null\n file %q\n format raw\n}\n", path)
	if err := os.WriteFile(filepath.Join(home, ".asoundrc"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	// Open for writing too, so as not to wait for the child, and not to see an end.
	pipe, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pipe.Close() })

	child := exec.Command(os.Args[0])
	// The name of a sound server makes it worth to open ALSA's default device.
	child.Env = append(os.Environ(), childVariable+"=1", "HOME="+home, "PULSE_SERVER=none")
	child.Stderr = os.Stderr
	orders, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The error says that it was killed.
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	return &speaker{t, orders, pipe, bufio.NewReader(pipe)}
}

func (s *speaker) order(what string) {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.orders, what); err != nil {
		s.t.Fatal(err)
	}
}

// peak listens for as long as d plays, and returns the loudest sample.
func (s *speaker) peak(d time.Duration) float64 {
	s.t.Helper()
	if err := s.pipe.SetReadDeadline(time.Now().Add(patience)); err != nil {
		s.t.Fatal(err)
	}
	samples := make([]float32, int(d.Seconds()*ring.SampleRate))
	if err := binary.Read(s.sound, binary.NativeEndian, samples); err != nil {
		s.t.Fatalf("listen to ALSA: %v", err)
	}
	var loudest float64
	for _, v := range samples {
		loudest = max(loudest, math.Abs(float64(v)))
	}
	return loudest
}

// until listens until a whole ring of at most 4 s has that peak.
func (s *speaker) until(want float64) {
	s.t.Helper()
	var got []float64
	for range 10 {
		peak := s.peak(4 * time.Second)
		if math.Abs(peak-want) < 0.005 {
			return
		}
		got = append(got, peak)
	}
	s.t.Errorf("peaks %.3f, want %.3f", got, want)
}

// silence listens to what is on its way until nothing comes any more.
func (s *speaker) silence() {
	s.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if err := s.pipe.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.sound.Discard(ring.SampleRate); errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
	}
	s.t.Errorf("still plays %v after the stop", patience)
}

func TestSpeakerOnALSA(t *testing.T) {
	s := newSpeaker(t)
	s.order("volume 0.5")
	s.order("start")
	if got := s.peak(2 * time.Second); got > 0.13 {
		t.Errorf("begins with peak %.3f, want no more than 0.125 at half volume", got)
	}
	s.until(0.125)
	s.order("volume 1")
	s.until(0.5)
	s.order("marimba")
	s.until(0.5)
	s.order("soft")
	s.until(0.08)
	s.order("stop")
	s.silence()
	t.Log("real: the ring tones through ALSA, from full volume to silence")
}
