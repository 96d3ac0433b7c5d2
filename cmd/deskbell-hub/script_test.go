package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestMain lets this binary be deskbell-hub in the stories: each command there
// is a process of its own that runs main.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"deskbell-hub": main})
}

const patience = 20 * time.Second

// TestScripts runs the stories in testdata/script on real processes.
func TestScripts(t *testing.T) {
	t.Log("real: stories on deskbell-hub processes, administered through their unix socket")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			// A socket's path is short; the script's folder may not be.
			dir, err := os.MkdirTemp("", "hub")
			if err != nil {
				return err
			}
			e.Defer(func() { os.RemoveAll(dir) })
			w := &world{apps: map[string]*app{}, places: map[string]*place{}}
			e.Defer(w.end)
			e.Values[worldKey{}] = w
			e.Setenv("DESKBELL_DATA", filepath.Join(dir, "d"))
			e.Setenv("LISTEN", freeAddress())
			e.Setenv("YESTERDAY", time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
			e.Setenv("VIDAOO", freeAddress())
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else each command waits a second for late races
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"hub": cmdHub, "post": cmdPost, "app": cmdApp, "trim": cmdTrim, "callid": cmdCallID,
			"get": cmdGet, "queue": cmdQueue, "desk": cmdDesk, "ring": cmdRing, "until": cmdUntil, "mistake": cmdMistake,
			"place": cmdPlace, "vidaoo": cmdVidaoo, "fault": cmdFault, "nowhere": cmdNowhere,
		},
	})
}

// freeAddress is one on which nobody listens now, of the ports that the system
// gives nobody by itself: a hub that was killed finds its own again.
func freeAddress() string {
	for range 1_000 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	panic("no port is free")
}

type worldKey struct{}

// world is what a story has running.
type world struct {
	hub    *exec.Cmd
	log    hubLog
	out    bytes.Buffer
	vidaoo *exec.Cmd // the fake
	apps   map[string]*app
	places map[string]*place // outside
}

// hubLog is what a hub logs; it can be read while it runs.
type hubLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *hubLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *hubLog) Bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.text.Bytes())
}

func (l *hubLog) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

func (w *world) end() {
	for _, a := range w.apps {
		a.cancel()
		<-a.ended
	}
	defer func() {
		for _, p := range w.places {
			p.Close()
		}
	}()
	for _, c := range []*exec.Cmd{w.hub, w.vidaoo} {
		if c != nil {
			_ = c.Process.Kill() // it may have ended
			_ = c.Wait()
		}
	}
}

func the(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

// cmdHub: "hub start" runs the hub until its socket answers; "hub kill" is
// kill -9; "hub stop" asks it to end.
func cmdHub(ts *testscript.TestScript, _ bool, args []string) {
	w := the(ts)
	switch args[0] {
	case "start":
		path, err := exec.LookPath("deskbell-hub")
		ts.Check(err)
		w.log.Reset()
		w.out.Reset()
		w.hub = exec.Command(path, "serve", "--listen", ts.Getenv("LISTEN"))
		w.hub.Env = append(os.Environ(), "DESKBELL_DATA="+ts.Getenv("DESKBELL_DATA"))
		w.hub.Stderr, w.hub.Stdout = &w.log, &w.out
		ts.Check(w.hub.Start())
		ts.Check(waitReady(ts.Getenv("LISTEN"), filepath.Join(ts.Getenv("DESKBELL_DATA"), socketName)))
	case "kill":
		ts.Check(w.hub.Process.Kill())
		_ = w.hub.Wait() // "signal: killed"
		w.hub = nil
	case "stop":
		ts.Check(w.hub.Process.Signal(os.Interrupt))
		ts.Check(w.hub.Wait())
		w.hub = nil
		ts.Check(os.WriteFile(ts.MkAbs("hub.log"), w.log.Bytes(), 0o600))
		ts.Check(os.WriteFile(ts.MkAbs("hub.out"), w.out.Bytes(), 0o600))
	default:
		ts.Fatalf("hub start|kill|stop")
	}
}

// waitReady waits until a hub answers on both its addresses.
func waitReady(address, socket string) error {
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if c, err := net.Dial("unix", socket); err == nil {
			c.Close()
			if answer, err := http.Get("http://" + address + "/readyz"); err == nil {
				answer.Body.Close()
				if answer.StatusCode == http.StatusOK {
					return nil
				}
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			return errors.New("the hub does not get ready")
		}
	}
}

// cmdTrim: "trim FILE VAR" sets an environment variable to a file's content.
func cmdTrim(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[1], strings.TrimSpace(ts.ReadFile(args[0])))
}

// cmdCallID: "callid FILE VAR" sets an environment variable to the id of the
// call in a webhook's answer.
func cmdCallID(ts *testscript.TestScript, _ bool, args []string) {
	_, body, _ := strings.Cut(ts.ReadFile(args[0]), " ")
	var got wire.Received
	ts.Check(json.Unmarshal([]byte(body), &got))
	ts.Setenv(args[1], got.Call.ID)
}

// cmdPost: "post URL FILE" sends a file as curl -d would and prints the status
// and the answer.
func cmdPost(ts *testscript.TestScript, _ bool, args []string) {
	body := strings.TrimSuffix(ts.ReadFile(args[1]), "\n")
	answer, err := http.Post(args[0], "application/x-www-form-urlencoded", strings.NewReader(body))
	ts.Check(err)
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	ts.Check(err)
	_, err = fmt.Fprintf(ts.Stdout(), "%d %s", answer.StatusCode, data)
	ts.Check(err)
}

// cmdGet: "get PATH TOKEN" reads something of the hub and prints the status, the
// kind and the answer.
func cmdGet(ts *testscript.TestScript, _ bool, args []string) {
	r, err := http.NewRequest(http.MethodGet, "http://"+ts.Getenv("LISTEN")+args[0], nil)
	ts.Check(err)
	r.Header.Set("Authorization", "Bearer "+args[1])
	answer, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	ts.Check(err)
	_, err = fmt.Fprintf(ts.Stdout(), "%d %s\n%s", answer.StatusCode, answer.Header.Get("Content-Type"), data)
	ts.Check(err)
}

// app is one agent's session.
type app struct {
	session *agent.Session
	cancel  context.CancelFunc
	ended   chan error

	mu   sync.Mutex
	more chan struct{}
	all  []agent.Event
	seen int    // events that the story has waited for
	last string // the call that rang or was taken last
	said string // what the last event said
}

func (a *app) emit(e agent.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, e)
	close(a.more)
	a.more = make(chan struct{})
}

func newApp(hub, token string) *app {
	ctx, cancel := context.WithCancel(context.Background())
	a := &app{cancel: cancel, ended: make(chan error, 1), more: make(chan struct{})}
	a.session = agent.New(agent.Options{Hub: hub, Token: token, Emit: a.emit, Logger: slog.New(slog.DiscardHandler)})
	go func() { a.ended <- a.session.Run(ctx) }()
	return a
}

// cmdQueue: "queue NAME [FLAG…]" makes a queue and sets $NAME to its Receive
// URL.
func cmdQueue(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("deskbell-hub", append([]string{"queue", "add"}, args...)...))
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// cmdDesk: "desk NAME [FLAG…]" makes a user, and its app connects.
func cmdDesk(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("deskbell-hub", append([]string{"user", "add"}, args...)...))
	ts.Check(ts.Exec("deskbell-hub", "token", "issue", args[0]))
	token := strings.TrimSpace(ts.ReadFile("stdout"))
	ts.Setenv("token_"+args[0], token)
	cmdApp(ts, false, []string{args[0], "connect", token})
}

// cmdRing: "ring QUEUE SESSION" has a customer call, and sets $SESSION to the
// call's id.
func cmdRing(ts *testscript.TestScript, _ bool, args []string) {
	body := fmt.Sprintf(`{"session_id":%q,"topic":%[1]q,"link":"https://vidaoo.example/%[1]s"}`, args[1])
	answer, err := http.Post(ts.Getenv(args[0]), "application/json", strings.NewReader(body))
	ts.Check(err)
	defer answer.Body.Close()
	var got wire.Received
	ts.Check(json.NewDecoder(answer.Body).Decode(&got))
	if answer.StatusCode != http.StatusOK {
		ts.Fatalf("the webhook was answered %s", answer.Status)
	}
	ts.Setenv(args[1], got.Call.ID)
}

// cmdUntil: "until PATTERN COMMAND…" runs deskbell-hub again and again until it
// prints the pattern: something is about to come that no app is told of.
func cmdUntil(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[0])
	deadline := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ts.Check(ts.Exec("deskbell-hub", args[1:]...))
		if pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			ts.Fatalf("it never printed %q: %s", args[0], ts.ReadFile("stdout"))
		}
	}
}

// cmdMistake: "mistake COMMAND…" runs deskbell-hub, which has to take it for a
// mistake in the command line.
func cmdMistake(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("deskbell-hub", args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitUsage {
		ts.Fatalf("it ended with %v, want exit code %d", err, exitUsage)
	}
}

// cmdApp has an agent's app do or wait for something; what it was told is
// printed.
//
//	app NAME connect TOKEN | leave          the app comes and goes
//	app NAME rings|stops|has|ended|offline|alerted|is STATE     it is told so
//	app NAME accept|decline|finish [DISPOSITION NOTE]|return|shows     about the call that rang or was taken last
//	app NAME pause [REASON] | ready         it chooses its presence
//	app NAME assign CALL AGENT | cancel CALL | sets AGENT STATE [REASON]     a supervisor's
func cmdApp(ts *testscript.TestScript, neg bool, args []string) {
	w := the(ts)
	name, do, rest := args[0], args[1], append(args[2:], "", "", "")
	if do == "connect" {
		w.apps[name] = newApp("http://"+ts.Getenv("LISTEN"), rest[0])
		ts.Check(w.apps[name].await(func(e agent.Event) bool { return e.State.Connection == agent.Online }, nil))
		return
	}
	a := w.apps[name]
	var err error
	switch do {
	case "leave":
		a.cancel()
		<-a.ended
		a.ended <- nil // for the story's end
	case "rings":
		err = a.await(kind(agent.Rang), func(e agent.Event) string { return e.Offer.Call.Topic + " " + e.Offer.Call.Link })
	case "stops":
		err = a.await(kind(agent.Stopped), func(e agent.Event) string { return string(e.Reason) + " " + e.By })
	case "has":
		err = a.await(kind(agent.Taken), func(e agent.Event) string { return e.Call.Link })
	case "ended":
		err = a.await(kind(agent.Ended), func(e agent.Event) string { return string(e.Call.Outcome) })
	case "joined":
		err = a.await(func(e agent.Event) bool { return len(e.State.Calls) == 1 && e.State.Calls[0].Joined }, nil)
	case "alerted":
		err = a.await(kind(agent.Alerted), func(e agent.Event) string { return string(e.Alert.Kind) + " " + e.Alert.Message })
	case "is":
		err = a.await(func(e agent.Event) bool { return string(e.State.Presence.State) == rest[0] }, func(e agent.Event) string {
			return e.State.Presence.Reason + " " + string(e.State.Presence.Cause)
		})
	case "offline":
		err = a.await(func(e agent.Event) bool { return e.State.Connection == agent.Offline }, nil)
	case "shows":
		a.session.Shown(a.last, "native", 12*time.Millisecond)
	default:
		err = a.act(do, rest)
	}
	if neg != (err != nil) {
		ts.Fatalf("app %s %s: %v", name, do, err)
	}
	if err != nil {
		fmt.Fprintln(ts.Stderr(), agent.Sentence(err))
		return
	}
	fmt.Fprintln(ts.Stdout(), a.said)
}

func kind(k agent.Kind) func(agent.Event) bool {
	return func(e agent.Event) bool { return e.Kind == k }
}

// await waits for the next event for which ok says yes.
func (a *app) await(ok func(agent.Event) bool, say func(agent.Event) string) error {
	deadline := time.After(patience)
	for {
		a.mu.Lock()
		all, more := a.all, a.more
		a.mu.Unlock()
		for a.seen < len(all) {
			e := all[a.seen]
			a.seen++
			switch e.Kind {
			case agent.Rang:
				a.last = e.Offer.Call.ID
			case agent.Taken:
				a.last = e.Call.ID
			}
			if ok(e) {
				a.said = ""
				if say != nil {
					a.said = strings.TrimSpace(say(e))
				}
				return nil
			}
		}
		select {
		case <-more:
		case <-deadline:
			return fmt.Errorf("it did not come; there was %+v", all)
		}
	}
}

// act asks the hub for something.
func (a *app) act(do string, args []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a.said = ""
	switch do {
	case "accept":
		return a.session.Accept(ctx, a.last)
	case "decline":
		return a.session.Decline(ctx, a.last)
	case "finish":
		return a.session.Finish(ctx, a.last, args[0], args[1])
	case "return":
		return a.session.Return(ctx, a.last)
	case "record":
		return a.session.Record(ctx, a.last, args[0] == "on")
	case "pause":
		return a.session.SetPresence(ctx, call.Paused, args[0])
	case "ready":
		return a.session.SetPresence(ctx, call.Ready, "")
	case "assign":
		return a.session.Assign(ctx, args[0], args[1])
	case "cancel":
		return a.session.Cancel(ctx, args[0])
	case "sets":
		return a.session.SetPresenceOf(ctx, args[0], call.PresenceState(args[1]), args[2])
	default:
		return fmt.Errorf("there is no %q", do)
	}
}
