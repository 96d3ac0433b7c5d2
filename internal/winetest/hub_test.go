//go:build linux && wine

package winetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

const (
	queue    = "web"
	user     = "anna"
	password = "Desk-bell 4 Windows!"
)

// hub is a real hub with one queue and one agent.
type hub struct {
	*desktoptest.Desktop
	program, data string
	address       string // host and port
	receive       string // the Receive URL
}

func startHub(ctx context.Context, t *testing.T, d *desktoptest.Desktop, built string) *hub {
	t.Helper()
	h := &hub{Desktop: d, program: filepath.Join(built, "deskbell-hub"), data: filepath.Join(d.Dir(), "hub")}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.address = listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	process, err := d.Launch(desktoptest.Program{
		Name: "hub", Path: h.program, Args: []string{"serve", "--data", h.data, "--listen", h.address},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := process.WaitOutput(ctx, "the hub is ready"); err != nil {
		t.Fatal(err)
	}
	// The bell rings long enough for a busy machine.
	h.do(ctx, t, nil, "queue", "add", queue, "--ring", "90s")
	var made struct {
		Receive string `json:"receive_url"`
	}
	h.do(ctx, t, &made, "queue", "show", queue, "--json")
	h.receive = made.Receive
	h.doWith(ctx, t, password, nil, "user", "add", user, "--name", "Anna Bianchi", "--queue", queue, "--password-stdin")
	return h
}

// do runs a command of the administrator's and reads its JSON, if into is not nil.
func (h *hub) do(ctx context.Context, t *testing.T, into any, args ...string) {
	t.Helper()
	h.doWith(ctx, t, "", into, args...)
}

func (h *hub) doWith(ctx context.Context, t *testing.T, input string, into any, args ...string) {
	t.Helper()
	if err := h.ask(ctx, input, into, args...); err != nil {
		t.Fatal(err)
	}
}

func (h *hub) ask(ctx context.Context, input string, into any, args ...string) error {
	cmd := h.Command(ctx, h.program, append(args, "--data", h.data)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("deskbell-hub %s: %w", strings.Join(args, " "), err)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(out, into)
}

// post sends a webhook, as Vidaoo does.
func (h *hub) post(ctx context.Context, t *testing.T, event string, payload map[string]string) {
	t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	address := h.receive
	if event != "" {
		address += "?event=" + event
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if status := h.send(t, request); status != http.StatusOK {
		t.Fatalf("the hub answers a webhook with %d", status)
	}
}

// takes tells whether the token is good.
func (h *hub) takes(ctx context.Context, t *testing.T, token string) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.address+"/api/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return h.send(t, request) == http.StatusOK
}

func (h *hub) send(t *testing.T, request *http.Request) (status int) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	return answer.StatusCode
}

// call is what call list tells of a call.
type call struct {
	Session, State, Agent string
}

// waitCall waits until the call of that session is in a state.
func (h *hub) waitCall(ctx context.Context, session, state string) (found call, err error) {
	err = desktoptest.Await(ctx, fmt.Sprintf("the call %s to be %s", session, state), func(ctx context.Context) (bool, error) {
		var calls []call
		if err := h.ask(ctx, "", &calls, "call", "list", "--all", "--json"); err != nil {
			return false, err
		}
		for _, found = range calls {
			if found.Session == session && found.State == state {
				return true, nil
			}
		}
		return false, fmt.Errorf("the calls are %+v", calls)
	})
	return found, err
}

// waitPresence waits until the hub sees the agent in a state.
func (h *hub) waitPresence(ctx context.Context, state string) error {
	return desktoptest.Await(ctx, fmt.Sprintf("%s to be %s", user, state), func(ctx context.Context) (bool, error) {
		var users []struct {
			Username string
			Presence struct{ State string }
		}
		if err := h.ask(ctx, "", &users, "user", "list", "--json"); err != nil {
			return false, err
		}
		for _, u := range users {
			if u.Username == user && u.Presence.State == state {
				return true, nil
			}
		}
		return false, fmt.Errorf("the users are %+v", users)
	})
}
