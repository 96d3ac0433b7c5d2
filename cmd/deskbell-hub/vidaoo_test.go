package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// TestKeyStaysHere: what a command starts does not get the key.
func TestKeyStaysHere(t *testing.T) {
	t.Setenv(keySecret.variable, "key-of-the-story")
	got, err := keySecret.find(newVerify())
	if err != nil || got.value != vidaoo.Key("key-of-the-story") {
		t.Fatalf("found %v, %v", got, err)
	}
	out, err := exec.Command("env").Output()
	if err != nil || bytes.Contains(out, []byte("key-of-the-story")) {
		t.Errorf("a child has the key: %v", err)
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := progress{out: &out}
	p.start(0)
	p.show(500_000, 2_000_000)
	p.show(2_000_000, 2_000_000)
	p.end()
	for _, want := range []string{"\r[#######.......................]  25%  500 kB of 2 MB  ", "\r[##############################] 100%  2 MB of 2 MB  "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q has no %q", out.String(), want)
		}
	}
	out.Reset()
	p = progress{out: &out}
	p.show(1_234_567, -1)
	p.end()
	if !strings.Contains(out.String(), "1.235 MB  ") || strings.Contains(out.String(), "[") {
		t.Errorf("without a total: %q", out.String())
	}
}

// cmdVidaoo: "vidaoo start [FLAG…]" runs a fake Vidaoo at $VIDAOO, with the key
// and the password of the story's environment.
func cmdVidaoo(ts *testscript.TestScript, _ bool, args []string) {
	w := the(ts)
	path, err := exec.LookPath("deskbell-hub")
	ts.Check(err)
	w.vidaoo = exec.Command(path, append([]string{"demo", "vidaoo", "--listen", ts.Getenv("VIDAOO")}, args[1:]...)...)
	w.vidaoo.Env = append(os.Environ(), "DESKBELL_VIDAOO_KEY="+ts.Getenv("DESKBELL_VIDAOO_KEY"), "DESKBELL_VIDAOO_PASSWORD="+ts.Getenv("DESKBELL_VIDAOO_PASSWORD"))
	out, err := w.vidaoo.StdoutPipe()
	ts.Check(err)
	ts.Check(w.vidaoo.Start())
	_, err = out.Read(make([]byte, 100)) // it says where it listens
	ts.Check(err)
}

// cmdFault: "fault KIND [OPERATION [TIMES]]" has the fake do wrong, "fault none"
// ends that.
func cmdFault(ts *testscript.TestScript, _ bool, args []string) {
	args = append(args, "", "")
	method, query := http.MethodPut, url.Values{"kind": {args[0]}, "on": {args[1]}, "times": {args[2]}}
	if args[0] == "none" {
		method = http.MethodDelete
	}
	r, err := http.NewRequest(method, "http://"+ts.Getenv("VIDAOO")+"/fault?"+query.Encode(), nil)
	ts.Check(err)
	answer, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		ts.Fatalf("fault: %s", answer.Status)
	}
}

// cmdNowhere: "nowhere TEXT [FILE…]" looks for a secret in all files of the
// story and of the hub but those named, in the hub's log, and in the hub's
// arguments and environment.
func cmdNowhere(ts *testscript.TestScript, _ bool, args []string) {
	w, secret, but := the(ts), []byte(args[0]), map[string]bool{}
	for _, file := range args[1:] {
		but[ts.MkAbs(file)] = true
	}
	look := func(path string) {
		data, err := os.ReadFile(path)
		if err == nil && !but[path] && bytes.Contains(data, secret) {
			ts.Fatalf("the secret is in %s", path)
		}
	}
	for _, dir := range []string{ts.Getenv("DESKBELL_DATA"), ts.Getenv("WORK")} {
		ts.Check(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				look(path)
			}
			return nil // what has gone meanwhile has no secret
		}))
	}
	if w.hub != nil {
		look(filepath.Join("/proc", strconv.Itoa(w.hub.Process.Pid), "environ"))
		look(filepath.Join("/proc", strconv.Itoa(w.hub.Process.Pid), "cmdline"))
	}
	if bytes.Contains(w.log.Bytes(), secret) {
		ts.Fatalf("the secret is in the hub's log")
	}
}
