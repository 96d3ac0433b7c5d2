package hub_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// audit reads the audit log as lines, and as it came.
func (f *floor) audit() (lines []string, raw string) {
	f.t.Helper()
	status, answer := hubtest.Do(f.t, "GET", f.URL+"/api/v1/admin/audit", f.MustToken(f.t, "eva"), "", "")
	var all []hub.AdminAudit
	if err := json.Unmarshal([]byte(answer), &all); err != nil || status != 200 {
		f.t.Fatalf("%d %s", status, answer)
	}
	for _, a := range all {
		line := strings.TrimSpace(fmt.Sprintf("%s %s %s %v %s", a.User, a.Action, a.Target, a.Options, a.Refused))
		lines = append(lines, strings.TrimSuffix(line, " map[]"))
	}
	return lines, answer
}

// TestAudit: each change is noted with who asked for it and what for, and no
// secret is.
func TestAudit(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	id := f.newCall()
	eva := f.MustToken(t, "eva")
	admin := func(method, path, body string) string {
		t.Helper()
		_, answer := hubtest.Do(t, method, f.URL+"/api/v1/admin"+path, eva, "application/json", body)
		return answer
	}
	admin("POST", "/queues", `{"name":"new","ring":"30s","secret":"s3cret"}`)
	admin("PATCH", "/queues/web", `{"dispositions":["sold"],"hours":"never"}`)
	admin("POST", "/users", `{"username":"dino","queues":["web"],"password":"right horse","token":"s3cret"}`)
	var issued wire.SignedIn
	if err := json.Unmarshal([]byte(admin("POST", "/users/dino/tokens", "")), &issued); err != nil {
		t.Fatal(err)
	}
	admin("DELETE", "/users/dino/tokens?id="+issued.Token, "") // a mistake that must not give it away
	admin("PATCH", "/presence", `{"reasons":["lunch"]}`)
	admin("DELETE", "/queues/new?force", "")
	admin("DELETE", "/users/eva", "")

	sara, _ := f.MustDial(t, f.MustToken(t, "sara"))
	sara.MustAsk(wire.Request{Type: wire.ActAssign, Call: id, Agent: "ben"})
	sara.MustAsk(wire.Request{Type: wire.ActSetPresence, Agent: "ben", State: call.Paused, Reason: "lunch"})
	sara.MustAsk(wire.Request{Type: wire.ActSetPresence, Agent: "ben", State: call.Ready})
	second := f.newCall()
	f.ben.MustAsk(accept(second))
	anna, _ := f.MustDial(t, f.MustToken(t, "anna"))
	if got := codeOf(anna.Ask(giveBack(second))); got != call.Forbidden { // an agent, whose it is not
		t.Errorf("anna returns ben's call: %q", got)
	}
	sara.MustAsk(giveBack(second))
	sara.MustAsk(wire.Request{Type: wire.ActCancel, Call: id})
	f.ben.Ask(wire.Request{Type: wire.ActCancel, Call: second}) // an agent, who may not

	want := []string{
		"eva queue.add new map[name:new ring:30s]",
		"eva queue.set web map[dispositions:[sold] hours:never] bad_request",
		"eva user.add dino map[password:(changed) queues:[web] username:dino]",
		"eva token.issue dino",
		"eva token.revoke dino map[] not_found",
		"eva rules.set rules map[reasons:[lunch]]",
		"eva queue.remove new map[force:true]",
		"eva user.remove eva map[] bad_request",
		"sara call.assign " + id + " map[agent:ben]",
		"sara presence.set ben map[reason:lunch state:paused]",
		"sara presence.set ben map[state:ready]",
		"sara call.return " + second,
		"sara call.cancel " + id,
	}
	lines, raw := f.audit()
	if got, want := strings.Join(lines, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("the audit log is\n%s\nwant\n%s", got, want)
	}
	for _, secret := range []string{"s3cret", "right horse", issued.Token, hubtest.Link("s1"), "MY_WEBSITE"} {
		if strings.Contains(raw, secret) {
			t.Errorf("the audit log gives %q away: %s", secret, raw)
		}
	}
}

// TestNotNotedNotDone: a change that can't be noted is refused, and the failure
// is told.
func TestNotNotedNotDone(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	id := f.newCall()
	sara, _ := f.MustDial(t, f.MustToken(t, "sara"))
	f.Hub.FailAudit(errors.New("the disk is full"))
	status, answer := hubtest.Do(t, "POST", f.URL+"/api/v1/admin/queues", f.MustToken(t, "eva"), "application/json", `{"name":"new"}`)
	if p := problem(t, answer); status != 503 || p.Code != call.Unavailable {
		t.Errorf("%d %s", status, answer)
	}
	if _, ok := f.Hub.Directory().Queue("new"); ok {
		t.Error("the queue was made")
	}
	if got := codeOf(sara.Ask(wire.Request{Type: wire.ActCancel, Call: id})); got != call.Unavailable {
		t.Errorf("cancel: %q", got)
	}
	if open := f.Hub.OpenCalls(); len(open) != 1 {
		t.Errorf("open calls: %+v", open)
	}
	f.ben.MustAsk(accept(id)) // what agents do needs no entry
}
