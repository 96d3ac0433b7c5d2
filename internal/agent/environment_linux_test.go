package agent_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/agent"
)

// childTask is what a process with another environment has to do: the system's
// authorities and the environment's proxy are read once in a process's life.
const childTask = "DESKBELL_TEST_SIGN_INS"

// signInTask is one sign-in of such a process.
type signInTask struct {
	Hub     string
	Network agent.Network
}

// TestEnvironment: without settings the system's authorities and the
// environment's proxy hold; a file of authorities is added to the system's.
func TestEnvironment(t *testing.T) {
	t.Log("real: processes with SSL_CERT_FILE and HTTPS_PROXY of their own")
	s, _ := newAnna(t)
	systems, own := newAuthority(t, "System CA"), newAuthority(t, "Example Corp CA")
	one := newFront(t, systems.good(t, "127.0.0.1", "hub.test"), s.Hub.Handler())
	two := newFront(t, own.good(t, "127.0.0.1"), s.Hub.Handler())
	http1, socks := newCONNECT(t, hostOf(one), http.StatusOK), newSOCKS(t, hostOf(one), 0, "sesame")
	far, both := byName(one), agent.Network{CAFile: own.file}
	for _, tc := range []struct {
		name, proxy string
		tasks       []signInTask
		want        []string // of each task: "" or a part of its error
		asked       *tunnel
	}{
		{"authorities", "", []signInTask{{one, agent.Network{}}, {two, agent.Network{}}, {one, both}, {two, both}},
			[]string{"", "Example Corp CA", "", ""}, nil},
		{"proxy", "http://" + http1.address, []signInTask{{far, agent.Network{}}, {far, agent.Network{Proxy: "direct"}}, {one, agent.Network{}}},
			[]string{"", "was not found", ""}, http1},
		{"proxy with a password", "socks5://desk:sesame@" + socks.address, []signInTask{{far, agent.Network{}}}, []string{""}, socks},
		{"wrong password", "socks5://desk:mellon@" + socks.address, []signInTask{{far, agent.Network{}}}, []string{"asks for a user name"}, nil},
		{"bad proxy", "http://desk:sesame@proxy.example:x", []signInTask{{far, agent.Network{}}}, []string{"(HTTPS_PROXY) has no usable address"}, nil},
		{"proxy that is off", "http://" + deadAddress(t), []signInTask{{far, agent.Network{}}}, []string{"can't be reached. Check its address and port in what is set on this computer"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := signInElsewhere(t, tc.tasks, "SSL_CERT_FILE="+systems.file, "SSL_CERT_DIR=/nonexistent", "HTTPS_PROXY="+tc.proxy, "https_proxy=", "NO_PROXY=", "no_proxy=", "GORACE=atexit_sleep_ms=0")
			for i, want := range tc.want {
				if !strings.Contains(got[i], want) || (got[i] == "") != (want == "") || strings.Contains(got[i], "sesame") {
					t.Errorf("%+v: %q, want %q", tc.tasks[i], got[i], want)
				}
			}
			if tc.asked != nil && !slices.Equal(tc.asked.askedFor(), []string{hostOf(far)}) {
				t.Errorf("the proxy was asked for %v", tc.asked.askedFor())
			}
		})
	}
}

// signInElsewhere signs in from another process and returns its errors.
func signInElsewhere(t *testing.T, tasks []signInTask, environment ...string) (errs []string) {
	t.Helper()
	task, err := json.Marshal(tasks)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSignInHere$", "-test.v")
	child.Env = append(append(os.Environ(), environment...), childTask+"="+string(task))
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, rest, _ := strings.Cut(string(out), childTask)
	if err := json.NewDecoder(strings.NewReader(rest)).Decode(&errs); err != nil || len(errs) != len(tasks) {
		t.Fatalf("%v\n%s", err, out)
	}
	return errs
}

// TestSignInHere is the other process.
func TestSignInHere(t *testing.T) {
	var tasks []signInTask
	if task := os.Getenv(childTask); task == "" {
		return
	} else if err := json.Unmarshal([]byte(task), &tasks); err != nil {
		t.Fatal(err)
	}
	errs := make([]string, len(tasks))
	for i, task := range tasks {
		if _, err := task.Network.SignIn(t.Context(), task.Hub, "anna", password); err != nil {
			errs[i] = err.Error()
		}
	}
	out, err := json.Marshal(errs)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdout.Write(append([]byte(childTask), out...))
}
