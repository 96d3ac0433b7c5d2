package credential_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// patience bounds every wait for a real program in these tests.
const patience = 20 * time.Second

// busConfig is a session bus that starts no services: a test decides what is there.
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
</busconfig>`

// desktop is a fresh home with a session bus of its own; the environment of
// the test points to it.
type desktop struct {
	home, runtime string
	stopBus       func()
}

// newDesktop starts a dbus-daemon. go-keyring's connection to it is closed at
// the end of the test, so that the next test gets a new one.
func newDesktop(t *testing.T) *desktop {
	t.Helper()
	root, err := os.MkdirTemp("", "desk") // t.TempDir is too long a path for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	d := &desktop{home: filepath.Join(root, "home"), runtime: filepath.Join(root, "run")}
	for _, dir := range []string{d.home, d.runtime} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	config, socket := filepath.Join(root, "bus.conf"), filepath.Join(root, "bus")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", d.home)
	t.Setenv("XDG_RUNTIME_DIR", d.runtime)
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+socket)

	stdout, stop := start(t, "", "dbus-daemon", "--config-file="+config, "--nofork", "--print-address=1")
	d.stopBus = stop
	stdout.SetReadDeadline(time.Now().Add(patience))
	// It prints its address when it listens.
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		t.Fatalf("dbus-daemon does not listen: %v", err)
	}
	t.Cleanup(func() {
		if shared, err := dbus.SessionBus(); err == nil {
			shared.Close()
		}
	})
	return d
}

// start runs a program until the end of the test, or until stop is called.
func start(t *testing.T, stdin string, name string, args ...string) (stdout *os.File, stop func()) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	stdout, child, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdout.Close() })
	defer child.Close()
	cmd.Stdout = child
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: install the system packages of this project first", err)
	}
	stop = sync.OnceFunc(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s said: %s", name, &complaints)
		}
	})
	t.Cleanup(stop)
	return stdout, stop
}

// listenSilently points the environment to a socket that accepts and never answers.
func listenSilently(t *testing.T) {
	t.Helper()
	root, err := os.MkdirTemp("", "desk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	socket := filepath.Join(root, "bus")
	// The kernel accepts on behalf of a listener that never calls Accept.
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+socket)
}
