package notifytest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// patience bounds every wait of a test for another process.
const patience = 10 * time.Second

// busConfig is a session bus that starts no services by itself: the real
// notification service of the machine must not answer in a test.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// Bus is a private session bus in its own process. It ends with the test.
type Bus struct {
	Address string
	config  string
	process *exec.Cmd
}

// StartBus starts a bus and puts its address into the environment of the test,
// which must therefore not be parallel. It needs the program dbus-daemon.
func StartBus(tb testing.TB) *Bus {
	tb.Helper()
	// Not tb.TempDir: the path of a socket may have about 100 characters only.
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "bus")
	b := &Bus{Address: "unix:path=" + socket, config: filepath.Join(dir, "bus.conf")}
	if err := os.WriteFile(b.config, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		tb.Fatal(err)
	}
	tb.Setenv("DBUS_SESSION_BUS_ADDRESS", b.Address)
	tb.Cleanup(func() {
		if b.process != nil {
			b.Stop(tb)
		}
	})
	b.Start(tb)
	return b
}

// Start starts a stopped bus again at the same address.
func (b *Bus) Start(tb testing.TB) {
	tb.Helper()
	cmd := exec.Command("dbus-daemon", "--config-file="+b.config, "--nofork", "--nopidfile", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("start a private session bus: %v: install dbus-daemon", err)
	}
	b.process = cmd
	guard := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer guard.Stop()
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		b.Stop(tb)
		tb.Fatalf("start a private session bus: it did not print its address: %v", err)
	}
}

// Stop kills the bus: all connections to it are lost.
func (b *Bus) Stop(tb testing.TB) {
	tb.Helper()
	if err := b.process.Process.Kill(); err != nil {
		tb.Errorf("stop the private session bus: %v", err)
	}
	// The error says that it was killed.
	_ = b.process.Wait()
	b.process = nil
}

// connect returns a connection to the bus that ends with the test.
func (b *Bus) connect(tb testing.TB) *dbus.Conn {
	tb.Helper()
	conn, err := dbus.Connect(b.Address)
	if err != nil {
		tb.Fatalf("connect to the private session bus: %v", err)
	}
	return conn
}
