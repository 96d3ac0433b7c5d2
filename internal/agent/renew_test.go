package agent_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
)

// TestSetNetwork: a session goes another way at once, whatever it is doing: it
// is connected, waits for its next try, or hangs in one. It stays signed in.
func TestSetNetwork(t *testing.T) {
	t.Log("real: a session that is moved from one proxy to another, and off a dead and a silent one")
	s, token := newAnna(t)
	ca := newAuthority(t, "Example Corp CA")
	url := newFront(t, ca.good(t, "hub.test"), s.Hub.Handler())
	target := hostOf(url)
	tried := make(chan struct{}, 8)
	first, second := newCONNECT(t, target, http.StatusOK), newCONNECT(t, target, http.StatusOK)
	by := func(proxy string) agent.Network {
		return agent.Network{CAFile: ca.file, Proxy: "http://" + proxy}
	}
	dead, silent := by(deadAddress(t)), by(newSilent(t, func() { tried <- struct{}{} }))

	anna := startOn(t, by(first.address), byName(url), token)
	_, at := anna.await("online", 0, online)
	anna.SetNetwork(by(first.address)) // is as it was
	if err := anna.SetPresence(t.Context(), call.Paused, ""); err != nil {
		t.Fatalf("the connection was given up for nothing: %v", err)
	}
	anna.SetNetwork(by(second.address))
	lost, at := anna.await("the old way given up", at, offline)
	if want := "Deskbell connects anew, with the network settings that were changed."; lost.State.Problem != want {
		t.Errorf("the problem is %q, want %q", lost.State.Problem, want)
	}
	back, at := anna.await("online by the second proxy", at, online)
	if back.State.Presence.State != call.Paused {
		t.Errorf("the agent comes back as %q", back.State.Presence.State)
	}

	anna.SetNetwork(dead)
	_, at = anna.await("the wait for a proxy that is not there", at, func(e agent.Event) bool {
		return offline(e) && e.State.Retry.After(time.Now()) && e.State.Problem != lost.State.Problem
	})
	anna.SetNetwork(silent)
	select {
	case <-tried: // by the session, which does not wait for its next try
	case <-time.After(5 * time.Second):
		t.Fatal("the next way is not tried at once")
	}
	began := time.Now()
	anna.SetNetwork(by(first.address))
	anna.await("online by the first proxy again", at, online)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it hung on the silent proxy for %v", took)
	}
	want := []string{hostOf(byName(url)), hostOf(byName(url))}
	if asked := first.askedFor(); !slices.Equal(asked, want) {
		t.Errorf("the first proxy was asked for %v, want %v", asked, want)
	}
	if asked := second.askedFor(); !slices.Equal(asked, want[:1]) {
		t.Errorf("the second proxy was asked for %v, want %v", asked, want[:1])
	}
}
