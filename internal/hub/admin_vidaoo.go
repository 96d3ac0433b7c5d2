package hub

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	defaultWait = time.Minute // for the webhook of a test meeting
	maxWait     = 10 * time.Minute
)

// AdminVidaoo tells how the hub and Vidaoo are connected.
type AdminVidaoo struct {
	VidaooAccount
	Default string        `json:"default_base_url"`
	Run     *AdminConnect `json:"run"` // null: there was none since the hub started
}

// AdminConnect is a run of the connection test.
type AdminConnect struct {
	Queue     string        `json:"queue"`
	By        string        `json:"by"`
	Running   bool          `json:"running"`
	Connected bool          `json:"connected"`
	Started   wire.Time     `json:"started"`
	Ended     wire.Time     `json:"ended,omitzero"`
	Wait      string        `json:"wait"`  // for the webhook
	Next      string        `json:"next"`  // the step that goes on now; empty: none
	Steps     []vidaoo.Step `json:"steps"` // those that have ended
}

// ConnectChange asks for a run.
type ConnectChange struct {
	Queue      string     `json:"queue"`
	Key        vidaoo.Key `json:"key,omitempty"`        // empty: the one that is kept
	BaseURL    string     `json:"base_url,omitempty"`   // empty: the one that is kept
	Settings   []string   `json:"settings,omitempty"`   // name=value, as 'vidaoo connect --set'
	Automation string     `json:"automation,omitempty"` // the id of the one to update; empty: look for it
	Wait       string     `json:"wait,omitempty"`       // for the webhook: 1m
}

// connectAsked is what the audit log has of a run: never the key.
func connectAsked(body []byte) (target string, options map[string]any) {
	var in ConnectChange
	if json.Unmarshal(body, &in) != nil { // it is refused
		return "", nil
	}
	options = map[string]any{}
	if in.Key != "" {
		options["key"] = "(changed)"
	}
	if u, err := url.Parse(in.BaseURL); err == nil && in.BaseURL != "" {
		options["base_url"] = clean.Text(u.Scheme+"://"+u.Host, maxTarget)
	}
	return in.Queue, options
}

func (h *Hub) adminShowVidaoo(*http.Request, caller) (int, any, error) {
	return http.StatusOK, h.adminVidaoo(), nil
}

func (h *Hub) adminVidaoo() AdminVidaoo {
	a := AdminVidaoo{VidaooAccount: VidaooAccount{Key: keyNowhere}, Default: vidaoo.Settings{}.Of(vidaoo.SettingBaseURL)}
	if h.vidaoo != nil {
		a.VidaooAccount = h.vidaoo.Account()
	}
	a.Settings = listed(a.Settings)
	if run, ok := h.connecting.run(); ok {
		a.Run = adminConnect(run)
	}
	return a
}

func adminConnect(run connectRun) *AdminConnect {
	a := &AdminConnect{
		Queue: run.queue, By: run.by, Running: run.ended.IsZero(), Connected: run.connected, Started: wire.At(run.started), Ended: wire.At(run.ended),
		Wait: run.wait.String(), Steps: run.steps,
	}
	if a.Running && len(run.steps) < len(vidaoo.Steps) {
		a.Next = vidaoo.Steps[len(run.steps)]
	}
	return a
}

// adminConnectVidaoo starts a run. It goes on if who asked for it leaves.
func (h *Hub) adminConnectVidaoo(r *http.Request, by caller) (int, any, error) {
	in, err := readAdmin[ConnectChange](r)
	if err != nil {
		return 0, nil, err
	}
	if h.connecting.busy() {
		return 0, nil, runsAlready
	}
	setup, err := h.connectSetup(r.Context(), in)
	if err != nil {
		return 0, nil, err
	}
	if !h.connecting.begin(connectRun{queue: setup.Queue, by: by.name(), wait: setup.Wait, started: h.now()}) {
		setup.Client.Close()
		return 0, nil, runsAlready
	}
	note := *by.note
	go h.connectVidaoo(setup, note)
	return http.StatusAccepted, h.adminVidaoo(), nil
}

var runsAlready = &call.Error{Code: wire.CodeInUse, Message: "A connection with Vidaoo is being tried already: wait until it has ended, and look what it found."}

// connectSetup prepares what is asked for, or tells what of it can't be.
func (h *Hub) connectSetup(ctx context.Context, in ConnectChange) (s vidaoo.Setup, err error) {
	q, ok := h.directory.Queue(in.Queue)
	if !ok {
		return s, badField("queue", "There is no queue %q: say which queue Vidaoo is to ring ('queue list').", clean.Text(in.Queue, maxName))
	}
	s = vidaoo.Setup{Queue: q.Name, ReceiveURL: h.ReceiveURL(q), AllowFrom: h.adminQueue(q).AllowFrom, Automation: in.Automation, Wait: defaultWait}
	if in.Wait != "" {
		if s.Wait, err = time.ParseDuration(in.Wait); err != nil || s.Wait < time.Second || s.Wait > maxWait {
			return s, badField("wait", "The time to wait for the webhook is 1s to %v, such as 1m.", maxWait)
		}
	}
	if h.vidaoo == nil {
		return s, &call.Error{Code: call.Unavailable, Message: "This hub keeps no key of Vidaoo: use 'deskbell-hub vidaoo connect' on its machine."}
	}
	arrivals := Arrivals{Payloads: func(ctx context.Context) ([]calllog.Payload, error) {
		h.payloads.flush(ctx)
		return h.calls.Payloads(ctx, q.Name)
	}}
	if err := arrivals.Begin(ctx); err != nil {
		return s, err
	}
	s.Arrived, s.Tell = arrivals.Wait, h.connecting.tell
	s.Cancel = func(ctx context.Context, id string) error { return h.cancel(ctx, "", id, call.BySupervisor) }
	s.Client, s.Keep, err = h.vidaoo.Connecting(in)
	return s, err
}

// connectVidaoo carries out a run, and notes what came of it.
func (h *Hub) connectVidaoo(s vidaoo.Setup, note calllog.Audit) {
	defer s.Client.Close()
	steps := vidaoo.Connect(h.ctx, s)
	connected := vidaoo.Connected(steps)
	defer h.connecting.end(h.now(), connected)
	note.Options = map[string]any{"outcome": "connected"}
	if !connected {
		note.Options["outcome"] = "not connected"
		for _, step := range steps {
			if step.Outcome == vidaoo.Failed {
				note.Options["failed"] = step.Name
				break
			}
		}
	}
	h.log.Info("a connection with Vidaoo was tried", "queue", s.Queue, "outcome", note.Options["outcome"], "failed", note.Options["failed"])
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.ctx), requestTimeout) // the hub may be closing
	defer cancel()
	if _, err := h.audit(ctx, note); err != nil {
		h.log.Error("the audit log does not tell what came of a change", "action", note.Action, "entry", note.Of, "err", err)
	}
}
