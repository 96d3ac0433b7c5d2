//go:build linux

package walkthrough_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/desktoptest"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	rushCalls   = 60
	rushBetween = 200 * time.Millisecond
	rushThink   = 500 * time.Millisecond // until somebody answers
	rushTitle   = "Queue · Deskbell"
	rushSecret  = "a good password"
	rushPatient = time.Minute
)

// rushCustomers are names as customers write them.
var rushCustomers = []string{
	"Maria Rossi", "Maximiliane von und zu Hohenlohe-Schillingsfürst-Waldenburg", "Zoë 🎉🎂 Müller", "שרה כהן", "محمد عبد الله",
	"<b>Bob</b> & \"Alice\" <script>", "李小龙", "", "Ana", "O'Brien, Siobhán", "=1+1", "jürgen.schmidt@example.org",
}

var rushTopics = []string{
	"MY_WEBSITE", "A question on an order that was sent to the wrong address in another country", "", "Offer <i>4711</i> & more", "Rechnung", "הזמנה",
}

// rushAgents are twelve, with what each does when a call rings.
var rushAgents = []struct {
	name   string
	queues []string
	takes  bool          // or lets it ring
	first  bool          // says no to the first call
	talks  time.Duration // 0: until the end
}{
	{"Anna Bianchi", []string{"web", "sales"}, true, false, 2 * time.Second},
	{"Ben Weber", []string{"web"}, true, false, 3 * time.Second},
	{"Carla Gómez", []string{"web"}, true, true, 2 * time.Second},
	{"Dora Fischer", []string{"web", "sales"}, false, false, 0},
	{"Emil Novák", []string{"sales"}, true, false, 4 * time.Second},
	{"Finn Lindqvist", []string{"web"}, true, false, 4 * time.Second},
	{"Gülşen Yıldırım-Schmidt von der Heide", []string{"web"}, true, false, 3 * time.Second},
	{"Hélène Dubois", []string{"sales"}, true, true, 2 * time.Second},
	{"Ivo Petrov", []string{"web"}, true, false, 0},
	{"Juan Pérez", []string{"web", "sales"}, true, false, 3 * time.Second},
	{"Katrin Sommer", []string{"web"}, true, false, 2 * time.Second},
	{"Luca Conti", []string{"sales"}, false, false, 0},
}

// rush is a hub in a rush, and two supervisors' desktops.
type rush struct {
	*testing.T
	ctx     context.Context
	hub     *hubtest.Server
	receive map[string]string
	running sync.WaitGroup
	agents  []*agent.Session
	sara    *agent.Session // watches as the apps do
	desks   map[string]*desktoptest.Desktop
	trays   map[string]desktoptest.TrayItem
	out     string
}

// TestRush has 60 calls come to twelve agents while two supervisors watch them in
// the Queue window, one on a light desktop and one on a dark one. What the apps
// are told has to be what the hub knows; how it looks is in the pictures.
func TestRush(t *testing.T) {
	o := options(t, "rush", t.Output())
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	r := &rush{T: t, ctx: ctx, receive: map[string]string{}, out: o.Out, desks: map[string]*desktoptest.Desktop{}, trays: map[string]desktoptest.TrayItem{}}
	defer func() { stop(); r.running.Wait() }()
	r.startHub()
	for i, a := range rushAgents {
		r.agents = append(r.agents, r.agent(i, a.name, a.queues))
	}
	r.sara = r.run(r.user("sara", "Sara Lang", call.RoleSupervisor), func(*agent.Session, agent.Event) {})
	for look, who := range map[string]string{"light": "eva", "dark": "otto"} {
		r.user(who, "Eva Moser", call.RoleSupervisor)
		r.openQueue(look, who, o.App)
	}
	r.pictures("1-empty")

	r.post(0, 6)
	r.pictures("2-start")
	r.post(6, 40)
	r.until("calls wait too long while others are served", func(f agent.Floor) bool {
		late := slices.ContainsFunc(f.Calls, func(c wire.Call) bool { return c.Queue == "web" && c.State == call.Waiting && !c.Alerted.IsZero() })
		return late && f.Numbers.Total.InCall > 3
	})
	r.chooseFirst()
	r.pictures("3-middle")
	r.openTrail()
	r.pictures("4-trail")
	r.key("Escape")
	r.post(40, rushCalls)
	r.key("F11")
	r.fullScreen(true)
	r.pictures("5-full")
	r.key("Escape")
	r.fullScreen(false)
	r.settled()
	r.pictures("6-end")
	r.sameAsTheHub()
	t.Log("real: desktop: two Queue windows through a rush of 60 calls and 12 agents, light and dark, full screen by F11")
}

func (r *rush) startHub() {
	r.Helper()
	r.hub = hubtest.MustStart(r, r.TempDir())
	for name, o := range map[string]routing.Options{
		"web":   {Strategy: routing.RoundRobin, Ring: 4 * time.Second, Patience: time.Hour, AlertAfter: 4 * time.Second},
		"sales": {Ring: 10 * time.Second, Patience: time.Hour, AlertAfter: 20 * time.Second, WrapUp: 2 * time.Second},
	} {
		r.receive[name] = r.hub.MustQueue(r, hub.Queue{Name: name, Options: o})
	}
	_, err := r.hub.Hub.Directory().SetRules(r.ctx, func(rules *routing.Rules) { rules.Reasons = []string{"Lunch", "Training"} })
	r.must("set the reasons for a pause", err)
}

// user makes a user and returns a token.
func (r *rush) user(username, name string, role call.Role, queues ...string) (token string) {
	r.Helper()
	if _, err := r.hub.Hub.Directory().AddUser(r.ctx, hub.User{Username: username, Name: name, Role: role, Queues: queues}, rushSecret); err != nil {
		r.Fatal(err)
	}
	return r.hub.MustToken(r, username)
}

// run connects a session and waits until it is online.
func (r *rush) run(token string, hear func(*agent.Session, agent.Event)) *agent.Session {
	r.Helper()
	var s *agent.Session
	s = agent.New(agent.Options{Hub: r.hub.URL, Token: token, Logger: slog.New(slog.DiscardHandler), Emit: func(e agent.Event) { hear(s, e) }})
	r.running.Go(func() { _ = s.Run(r.ctx) })
	hubtest.Eventually(r, "the session is online", func() bool { return s.State().Connection == agent.Online })
	return s
}

// agent connects one of the twelve.
func (r *rush) agent(i int, name string, queues []string) *agent.Session {
	r.Helper()
	does := rushAgents[i]
	var once sync.Once
	return r.run(r.user(fmt.Sprint("agent", i), name, call.RoleAgent, queues...), func(s *agent.Session, e agent.Event) {
		if e.Kind != agent.Rang || !does.takes {
			return
		}
		declines := false
		if does.first {
			once.Do(func() { declines = true })
		}
		r.running.Go(func() { r.answer(s, e.Offer.Call.ID, declines, does.talks) })
	})
}

// answer takes a call and talks, or says no. Who was slower than another agent
// has nothing to do.
func (r *rush) answer(s *agent.Session, id string, declines bool, talks time.Duration) {
	if !r.wait(rushThink) {
		return
	}
	if declines {
		_ = s.Decline(r.ctx, id)
		return
	}
	if s.Accept(r.ctx, id) == nil && talks > 0 && r.wait(talks) {
		_ = s.Finish(r.ctx, id, "", "")
	}
}

// wait lets time pass, as people do, and tells whether the rush goes on.
func (r *rush) wait(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-r.ctx.Done():
		return false
	}
}

// post sends the webhooks of calls, one after the other.
func (r *rush) post(from, to int) {
	r.Helper()
	for i := from; i < to; i++ {
		queue := "web"
		if i%4 == 3 {
			queue = "sales"
		}
		body, err := json.Marshal(map[string]any{
			"session_id": fmt.Sprint("rush", i), "link": hubtest.Link(fmt.Sprint("rush", i)),
			"name": rushCustomers[i%len(rushCustomers)], "topic": rushTopics[i%len(rushTopics)],
		})
		if err != nil {
			r.Fatal(err)
		}
		if status, answer := hubtest.Post(r, r.receive[queue], "application/json", string(body)); status != 200 {
			r.Fatalf("webhook: %d %s", status, answer)
		}
		if i%3 == 0 {
			hubtest.Post(r, r.receive[queue]+"?event=joined", "application/json", string(body))
		}
		if !r.wait(rushBetween) {
			r.Fatal(r.ctx.Err())
		}
	}
}

// openQueue signs a supervisor in on a desktop and opens the Queue window from
// the tray.
func (r *rush) openQueue(look, who, app string) {
	r.Helper()
	d := desktoptest.MustStart(r, desktoptest.Options{Dark: look == "dark", Width: 1440, Height: 900})
	r.desks[look] = d
	_, err := d.Launch(desktoptest.Program{
		Name: "deskbell", Path: app, Args: []string{"--hidden", "--hub", r.hub.URL, "--user", who, "--password-stdin"}, Stdin: strings.NewReader(rushSecret + "\n"),
	})
	r.must("start the app", err)
	r.trays[look], err = d.WaitTrayItem(r.ctx, "Deskbell", nil)
	r.must("find the tray icon", err)
	// The menu is made anew when the hub is there, and a press on the old one is lost.
	_, err = d.WaitTrayMenuItem(r.ctx, r.trays[look], "Ready · Eva Moser", nil)
	r.must("sign in", err)
	r.must("open the queue", d.PressTrayMenu(r.ctx, r.trays[look], "Queue…"))
	w, err := d.WaitDrawn(r.ctx, rushTitle)
	r.must("see the window", err)
	r.must("move the window", d.MoveWindow(r.ctx, w, image.Pt(120, 60)))
}

func (r *rush) must(what string, err error) {
	r.Helper()
	if err != nil {
		r.Fatalf("%s: %v", what, err)
	}
}

// each does something on both desktops, with the Queue window.
func (r *rush) each(what string, do func(d *desktoptest.Desktop, w desktoptest.Window) error) {
	r.Helper()
	for look, d := range r.desks {
		w, err := d.WaitWindow(r.ctx, rushTitle)
		r.must(what+" on the "+look+" desktop", err)
		r.must(what+" on the "+look+" desktop", do(d, w))
	}
}

// pictures keeps what both desktops show.
func (r *rush) pictures(name string) {
	r.Helper()
	if r.out == "" {
		return
	}
	r.must("make the folder for the pictures", os.MkdirAll(r.out, 0o755))
	for look, d := range r.desks {
		r.must("take a picture", d.Screenshot(r.ctx, filepath.Join(r.out, "rush-"+name+"-"+look+".png")))
	}
}

// chooseFirst clicks on the first row of the table.
func (r *rush) chooseFirst() {
	r.Helper()
	r.each("choose a call", func(d *desktoptest.Desktop, w desktoptest.Window) error {
		return d.Click(r.ctx, w.Rect.Min.Add(image.Pt(200, 292)))
	})
}

// openTrail presses the last button at the bottom: why did it not ring?
func (r *rush) openTrail() {
	r.Helper()
	r.each("open the trail", func(d *desktoptest.Desktop, w desktoptest.Window) error {
		return d.Click(r.ctx, w.Rect.Max.Sub(image.Pt(90, 32)))
	})
	r.wait(time.Second) // for the picture only
}

func (r *rush) key(key string) {
	r.Helper()
	r.each("press "+key, func(d *desktoptest.Desktop, w desktoptest.Window) error {
		if err := d.Raise(r.ctx, w); err != nil {
			return err
		}
		return d.Key(r.ctx, key)
	})
}

// fullScreen waits until the window fills the screen, or does no more.
func (r *rush) fullScreen(want bool) {
	r.Helper()
	r.each("fill the screen", func(d *desktoptest.Desktop, _ desktoptest.Window) error {
		hubtest.Eventually(r, fmt.Sprintf("the window fills the screen: %v", want), func() bool {
			w, err := d.WaitWindow(r.ctx, rushTitle)
			return err == nil && (w.Rect.Size() == d.Size()) == want
		})
		return nil
	})
	r.wait(time.Second) // for the picture only
}

// until waits for a floor.
func (r *rush) until(what string, holds func(agent.Floor) bool) {
	r.Helper()
	hubtest.Eventually(r, what, func() bool { return holds(r.sara.Floor()) })
}

// settled waits until nobody waits any more but those whom the agents who never
// end leave.
func (r *rush) settled() {
	r.Helper()
	deadline := time.Now().Add(rushPatient)
	for time.Now().Before(deadline) {
		if f := r.sara.Floor(); f.Numbers.Total.Waiting == 0 && f.Numbers.Total.InCall == 1 && len(f.Calls) == 1 {
			return
		}
		r.wait(100 * time.Millisecond)
	}
	r.Fatalf("the rush does not end: %+v", r.sara.Floor().Numbers.Total)
}

// sameAsTheHub compares what a supervisor's app knows with the hub's lists.
func (r *rush) sameAsTheHub() {
	r.Helper()
	token := r.hub.MustToken(r, "sara")
	read := func(path string, into any) {
		r.Helper()
		status, answer := hubtest.Do(r, "GET", r.hub.URL+path, token, "", "")
		if err := json.Unmarshal([]byte(answer), into); err != nil || status != 200 {
			r.Fatalf("GET %s: %d %v", path, status, err)
		}
	}
	var calls []wire.Call
	var agents []wire.Agent
	var board wire.Wallboard
	read("/api/v1/calls", &calls)
	read("/api/v1/agents", &agents)
	read("/api/v1/wallboard", &board)
	f := r.sara.Floor()
	ids := func(calls []wire.Call) (ids []string) {
		for _, c := range calls {
			ids = append(ids, c.ID)
		}
		slices.Sort(ids)
		return ids
	}
	if !slices.Equal(ids(f.Calls), ids(calls)) {
		r.Errorf("the app has the calls %v, the hub %v", ids(f.Calls), ids(calls))
	}
	n, of := f.Numbers.Total, board.Total
	if n.ServiceLevel == nil || of.ServiceLevel == nil || *n.ServiceLevel != *of.ServiceLevel {
		r.Errorf("the app has the service level %+v, the hub %+v", n.ServiceLevel, of.ServiceLevel)
	}
	n.ServiceLevel, of.ServiceLevel = nil, nil
	if n != of || n.Answered != rushCalls || n.InCall != 1 {
		r.Errorf("the app has the numbers %+v, the hub %+v", n, of)
	}
	answered := 0
	for _, a := range agents {
		answered += a.Answered
		i := slices.IndexFunc(f.Agents, func(b wire.Agent) bool { return b.Username == a.Username })
		if i < 0 || f.Agents[i].Answered != a.Answered || f.Agents[i].Missed != a.Missed || f.Agents[i].State != a.State {
			r.Errorf("the hub has the agent %+v, the app not so", a)
		}
	}
	if answered != rushCalls {
		r.Errorf("the agents took %d calls, want %d", answered, rushCalls)
	}
}
