package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestKill kills the hub 30 times at a random moment while webhooks come in
// and two agents answer. No call that was answered 2xx may be lost, and none
// may have two owners.
func TestKill(t *testing.T) {
	const kills = 30
	k := newKilled(t)
	for round := range kills {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { k.send(ctx, round) })
		for _, name := range []string{"anna", "ben"} {
			wg.Go(func() { k.answer(ctx, name) })
		}
		<-time.After(time.Duration(20+rand.IntN(400)) * time.Millisecond)
		k.kill()
		cancel()
		wg.Wait()
		k.start()
	}
	k.check()
	t.Logf("real: hub as a process of its own, killed with -9: %d times, %d calls answered 2xx, %d accepted", kills, len(k.answered), len(k.owners))
}

// killed is a hub that gets killed, and what it promised.
type killed struct {
	t            *testing.T
	dir, address string
	receive      string
	tokens       map[string]string
	process      *exec.Cmd

	mu       sync.Mutex
	answered map[string]bool   // calls whose webhook was answered 2xx
	owners   map[string]string // call → who was told that the accept succeeded
}

func newKilled(t *testing.T) *killed {
	dir, err := os.MkdirTemp("", "hub") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	k := &killed{t: t, dir: filepath.Join(dir, "d"), address: freeAddress(), tokens: map[string]string{}, answered: map[string]bool{}, owners: map[string]string{}}
	k.start()
	t.Cleanup(k.kill)
	k.receive = k.run("queue", "add", "web")
	for _, name := range []string{"anna", "ben", "sara"} {
		role := "agent"
		if name == "sara" {
			role = "supervisor"
		}
		k.run("user", "add", name, "--queue", "web", "--role", role)
		k.tokens[name] = k.run("token", "issue", name)
	}
	return k
}

func (k *killed) command(args ...string) *exec.Cmd {
	path, err := exec.LookPath("deskbell-hub") // TestMain has put it there
	if err != nil {
		k.t.Fatal(err)
	}
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), "DESKBELL_DATA="+k.dir)
	return c
}

func (k *killed) run(args ...string) string {
	out, err := k.command(args...).Output()
	if err != nil {
		k.t.Fatalf("deskbell-hub %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

func (k *killed) start() {
	k.process = k.command("serve", "--listen", k.address)
	var said bytes.Buffer
	k.process.Stderr = &said
	if err := k.process.Start(); err != nil {
		k.t.Fatal(err)
	}
	if err := waitReady(k.address, filepath.Join(k.dir, socketName)); err != nil {
		_ = k.process.Process.Signal(syscall.SIGQUIT) // it says what it does
		_ = k.process.Wait()
		k.t.Fatalf("%v; it says %s", err, &said)
	}
}

func (k *killed) kill() {
	_ = k.process.Process.Kill()
	_ = k.process.Wait()
}

// send posts webhooks one after the other, not so many that the agents have no
// chance.
func (k *killed) send(ctx context.Context, round int) {
	pace := time.NewTicker(3 * time.Millisecond)
	defer pace.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		<-pace.C
		body := fmt.Sprintf(`{"session_id":"r%d-%d","link":"https://vidaoo.example/r%[1]d-%d"}`, round, i)
		answer, err := http.Post(k.receive, "application/json", strings.NewReader(body))
		if err != nil {
			continue
		}
		var got wire.Received
		if json.NewDecoder(answer.Body).Decode(&got) == nil && answer.StatusCode == http.StatusOK {
			k.mu.Lock()
			k.answered[got.Call.ID] = true
			k.mu.Unlock()
		}
		answer.Body.Close()
	}
}

// answer accepts and finishes whatever rings.
func (k *killed) answer(ctx context.Context, name string) {
	a := newApp("http://"+k.address, k.tokens[name])
	defer func() {
		a.cancel()
		<-a.ended
	}()
	for ctx.Err() == nil {
		state := a.session.State()
		for _, c := range state.Calls {
			_ = a.session.Finish(ctx, c.ID, "", "") // it may be killed meanwhile
		}
		if len(state.Offers) > 0 {
			k.accept(ctx, a.session, name, state.Offers[0].Call.ID)
		}
		a.mu.Lock()
		more := a.more
		a.mu.Unlock()
		select {
		case <-more:
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
		}
	}
}

func (k *killed) accept(ctx context.Context, s *agent.Session, name, id string) {
	if s.Accept(ctx, id) != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if other := k.owners[id]; other != "" && other != name {
		k.t.Errorf("call %s: both %s and %s were told that it is theirs", id, other, name)
	}
	k.owners[id] = name
}

// check asks the last hub for every call.
func (k *killed) check() {
	if len(k.answered) < 30 || len(k.owners) < 5 {
		k.t.Errorf("too little happened to say anything: %d calls, %d accepted", len(k.answered), len(k.owners))
	}
	for id := range k.answered {
		c, err := k.call(id)
		if err != nil {
			k.t.Errorf("call %s was answered 2xx and is lost: %v", id, err)
		} else if owner := k.owners[id]; owner != "" && c.Agent != owner {
			k.t.Errorf("call %s: %s was told that it is theirs, but its owner is %q", id, owner, c.Agent)
		}
	}
}

func (k *killed) call(id string) (c wire.Call, err error) {
	r, err := http.NewRequest(http.MethodGet, "http://"+k.address+"/api/v1/calls/"+id, bytes.NewReader(nil))
	if err != nil {
		return c, err
	}
	r.Header.Set("Authorization", "Bearer "+k.tokens["sara"])
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return c, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return c, fmt.Errorf("%s %s %w", answer.Status, data, err)
	}
	return c, json.Unmarshal(data, &c)
}
