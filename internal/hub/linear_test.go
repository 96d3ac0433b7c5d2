package hub_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// asked is an action on a call; answered is what came of it: a problem's code
// ("" for success) and whom a "taken" named. With lost, nobody knows.
type asked struct{ call, act, by, agent string }

type answered struct {
	code call.Code
	by   string
	lost bool
}

// owner is the state of the model: who has the call, or that it ended.
type owner struct {
	agent string
	ended bool
}

// ownership is what anybody may see of a call: one agent at a time has it, and
// nothing happens to it after its end.
var ownership = porcupine.NondeterministicModel{
	Init: func() []any { return []any{owner{}} },
	Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
		byCall := map[string][]porcupine.Operation{}
		for _, o := range history {
			id := o.Input.(asked).call
			byCall[id] = append(byCall[id], o)
		}
		for _, part := range byCall {
			parts = append(parts, part)
		}
		return parts
	},
	Step: func(state, input, output any) []any {
		s, in, out := state.(owner), input.(asked), output.(answered)
		next, can := after(s, in)
		switch {
		case out.lost && can:
			return []any{s, next}
		case out.lost:
			return []any{s}
		case out.code == "" && can:
			return []any{next}
		case out.code != "" && fits(s, in, out):
			return []any{s}
		default:
			return nil
		}
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string {
		return fmt.Sprintf("%+v -> %+v", input, output)
	},
}

// after is the state after an action that succeeded.
func after(s owner, in asked) (next owner, can bool) {
	switch {
	case in.act == "finish" && s.ended:
		return s, s.agent == in.by // again
	case s.ended:
		return s, false
	case in.act == "accept":
		return owner{agent: in.by}, s.agent == "" || s.agent == in.by
	case in.act == "return":
		return owner{}, s.agent == in.by || s.agent == "" // again
	case in.act == "assign":
		return s, s.agent == "" || s.agent == in.agent
	default: // finish
		return owner{agent: in.by, ended: true}, s.agent == in.by
	}
}

// fits tells whether an action could be refused like this.
func fits(s owner, in asked, out answered) bool {
	switch out.code {
	case call.Gone:
		return s.ended
	case call.Taken:
		return !s.ended && s.agent != "" && s.agent != in.by && out.by == "Desk "+s.agent
	case call.Forbidden:
		return !s.ended && s.agent != in.by
	case call.NotOffered, call.BadRequest: // it does not ring there; nobody has it; the agent is not ready
		return !s.ended && s.agent == ""
	default:
		return false
	}
}

// TestLinearisable races accepts, returns, assigns, finishes and pauses while
// the hub restarts, and looks for one order of all of them that explains every
// answer.
func TestLinearisable(t *testing.T) {
	t.Log("real: HTTP on loopback against a hub with its log on disk, restarted twice; the history is checked by porcupine")
	const rounds, calls = 3, 3
	dir := t.TempDir()
	h := &history{began: time.Now(), agents: []string{"anna", "ben", "carla", "dino"}, tokens: map[string]string{}}
	var ids []string
	for round := range rounds {
		s := hubtest.MustStart(t, dir)
		if round == 0 {
			receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Second, Patience: time.Hour, Capacity: 20}})
			for _, name := range h.agents {
				h.tokens[name] = s.MustUser(t, name, call.RoleAgent, "web")
			}
			h.tokens["sara"] = s.MustUser(t, "sara", call.RoleSupervisor)
			for i := range calls {
				ids = append(ids, hubtest.MustPost(t, receive, fmt.Sprint("s", i)))
			}
		}
		h.round(t, s, ids, round == rounds-1)
	}
	if len(h.all) < 200 {
		t.Fatalf("only %d actions", len(h.all))
	}
	if got := porcupine.CheckOperationsTimeout(ownership.ToModel(), h.finished(), time.Minute); got != porcupine.Ok {
		t.Errorf("%s: no order of the %d actions explains their answers", got, len(h.all))
	}
	t.Logf("%d actions, %d of them with a lost answer", len(h.all), h.lost)
}

// history are the actions of all clients.
type history struct {
	began  time.Time
	agents []string
	tokens map[string]string // by username

	mu   sync.Mutex
	all  []porcupine.Operation
	lost int
}

// round has everybody act until the hub is stopped; in the last round until
// the calls have ended.
func (h *history) round(t *testing.T, s *hubtest.Server, ids []string, last bool) {
	t.Helper()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i, name := range append(slices.Clone(h.agents), "sara") {
		app, _ := s.MustDial(t, h.tokens[name])
		wg.Go(func() { h.act(s.URL, i, name, app, ids, last, stop) })
	}
	<-time.After(1500 * time.Millisecond)
	if !last {
		s.Stop(t) // in the middle of what is asked
	}
	close(stop)
	wg.Wait()
	s.Stop(t)
}

// act asks for one thing after the other.
func (h *history) act(url string, client int, name string, app *hubtest.App, ids []string, last bool, stop chan struct{}) {
	random := rand.New(rand.NewPCG(uint64(client), 7))
	for {
		select {
		case <-stop:
			return
		default:
		}
		in := asked{call: ids[random.IntN(len(ids))], by: name, act: "accept"}
		switch n := random.IntN(10); {
		case name == "sara":
			in.act, in.agent = "assign", h.agents[random.IntN(len(h.agents))]
		case n < 3:
			in.act = "return"
		case n == 3 && last:
			in.act = "finish"
		case n == 4: // the dispatcher withdraws what rings there, in between
			state := []call.PresenceState{call.Ready, call.Paused}[random.IntN(2)]
			if app.TrySend(fmt.Sprintf(`{"type":"presence","id":"p","state":%q}`, state)) == nil {
				continue
			}
		}
		if lost := h.ask(url, client, in); lost { // the hub is gone
			return
		}
	}
}

// ask sends an action and notes what came of it.
func (h *history) ask(url string, client int, in asked) (lost bool) {
	body := ""
	if in.agent != "" {
		body = `{"agent":"` + in.agent + `"}`
	}
	r, err := http.NewRequest(http.MethodPost, url+"/api/v1/calls/"+in.call+"/"+in.act, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.tokens[in.by])
	o := porcupine.Operation{ClientId: client, Input: in, Call: time.Since(h.began).Nanoseconds()}
	out := answered{lost: true}
	if answer, err := http.DefaultTransport.RoundTrip(r); err == nil {
		data, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		var p wire.Problem
		switch {
		case err != nil:
		case answer.StatusCode == http.StatusOK:
			out = answered{}
		case json.Unmarshal(data, &p) == nil && p.Code != call.Unavailable:
			out = answered{code: p.Code, by: p.By}
		}
	}
	o.Output, o.Return = out, time.Since(h.began).Nanoseconds()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, o)
	return out.lost
}

// finished are the actions, those with a lost answer open to the end: they may
// still happen.
func (h *history) finished() []porcupine.Operation {
	end := time.Since(h.began).Nanoseconds()
	client := 1000 // a client has one action at a time
	for i := range h.all {
		if h.all[i].Output.(answered).lost {
			h.lost++
			client++
			h.all[i].Return, h.all[i].ClientId = end, client
		}
	}
	return h.all
}
