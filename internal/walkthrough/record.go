//go:build linux

package walkthrough

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// maxAnswer bounds what is read of an answer of the hub, in bytes.
const maxAnswer = 1 << 20

// record is a call as `deskbell-hub call show --json` tells it.
type record struct {
	ID, State, Agent, Outcome  string
	Session, Disposition, Note string
	Trail                      []struct {
		Kind, Agent string
		Agents      []string
	}
	Receipts   []struct{ Agent, Surface string }
	Recordings []struct{ By, Stopped string }
}

// happened lists whom events of that kind concern, in order.
func (r record) happened(kind string) (agents []string) {
	for _, e := range r.Trail {
		if e.Kind != kind {
			continue
		}
		if e.Agent != "" {
			agents = append(agents, e.Agent)
		}
		agents = append(agents, e.Agents...)
	}
	return agents
}

// shownOn lists where an agent has seen the call.
func (r record) shownOn(agent string) (surfaces []string) {
	for _, s := range r.Receipts {
		if s.Agent == agent && !slices.Contains(surfaces, s.Surface) {
			surfaces = append(surfaces, s.Surface)
		}
	}
	slices.Sort(surfaces)
	return surfaces
}

// data is the hub's folder.
func (w *Walk) data() string { return filepath.Join(w.Anna.Dir(), "hub") }

// hubSays runs a command of the hub's administration and reads its answer.
func (w *Walk) hubSays(ctx context.Context, answer any, args ...string) error {
	cmd := w.Anna.Command(ctx, w.options.Hub, append(args, "--data", w.data(), "--json")...)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("deskbell-hub %s: %w", strings.Join(args, " "), err)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(out, answer); err != nil {
		return fmt.Errorf("deskbell-hub %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// awaitCall waits until the hub's record of a call is as wanted.
func (w *Walk) awaitCall(ctx context.Context, id, what string, so func(record) bool) (r record, err error) {
	err = desktoptest.Await(ctx, what, func(ctx context.Context) (bool, error) {
		r = record{}
		if err := w.hubSays(ctx, &r, "call", "show", id); err != nil {
			return false, err
		}
		if !so(r) {
			return false, fmt.Errorf("the hub says %+v", r)
		}
		return true, nil
	})
	return r, err
}

// onlyCall is the one call that is open.
func (w *Walk) onlyCall(ctx context.Context) (string, error) {
	var open []record
	if err := w.hubSays(ctx, &open, "call", "list"); err != nil {
		return "", err
	}
	if len(open) != 1 {
		return "", fmt.Errorf("the hub has %d open calls, want 1: %+v", len(open), open)
	}
	return open[0].ID, nil
}

// presence is what the hub says of an agent.
type presence struct{ State, Reason string }

// awaitPresence waits until a supervisor would see an agent like that.
func (d *Day) awaitPresence(ctx context.Context, who *desk, want presence) error {
	return desktoptest.Await(ctx, fmt.Sprintf("%s to be %v", who.user, want), func(ctx context.Context) (bool, error) {
		var agents []struct {
			Username string
			presence
		}
		if err := d.get(ctx, "/api/v1/agents", d.supervisor, &agents); err != nil {
			return false, err
		}
		for _, a := range agents {
			if a.Username == who.user && a.presence == want {
				return true, nil
			}
		}
		return false, fmt.Errorf("the hub says %v", agents)
	})
}

// get asks the hub as the owner of a token does.
func (d *Day) get(ctx context.Context, path, token string, answer any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.hubURL+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return d.ask(r, answer)
}

func (d *Day) ask(r *http.Request, answer any) error {
	reply, err := d.client.Do(r)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(io.LimitReader(reply.Body, maxAnswer))
	if err != nil {
		return err
	}
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("the hub answers %s: %s", reply.Status, body)
	}
	return json.Unmarshal(body, answer)
}
