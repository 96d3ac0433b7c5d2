package hub_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// connecting is a hub with a queue that a fake Vidaoo is to ring.
type connecting struct {
	*hubtest.Server
	t       *testing.T
	fake    *vidaootest.Server
	account *hubtest.Account
	token   string
	log     lockedLog
	answers []string // all that the hub has answered
}

// lockedLog is what a hub logs.
type lockedLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func mustConnecting(t *testing.T) *connecting {
	t.Helper()
	c := &connecting{t: t, fake: vidaootest.New(vidaootest.Options{Key: goodKey})}
	api := httptest.NewServer(c.fake.Handler())
	t.Cleanup(func() { c.fake.Close(); api.Close() })
	c.account = &hubtest.Account{BaseURL: api.URL + "/api/v1"}
	c.Server = hubtest.MustStartWith(t, hub.Config{Dir: t.TempDir(), Vidaoo: c.account, Logger: slog.New(slog.NewTextHandler(&c.log, nil))})
	c.MustQueue(t, hub.Queue{Name: "web"})
	c.token = c.MustUser(t, "eva", call.RoleAdmin)
	return c
}

const goodKey = "key-of-the-connection"

func (c *connecting) ask(method, path, body string) (status int, answer string) {
	c.t.Helper()
	status, answer = hubtest.Do(c.t, method, c.URL+"/api/v1/admin"+path, c.token, "application/json", body)
	c.answers = append(c.answers, answer)
	return status, answer
}

func (c *connecting) state() (v hub.AdminVidaoo) {
	c.t.Helper()
	_, answer := c.ask("GET", "/vidaoo", "")
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		c.t.Fatalf("%v: %s", err, answer)
	}
	return v
}

// runs starts a run and waits until it has ended.
func (c *connecting) runs(key, more string) hub.AdminConnect {
	c.t.Helper()
	status, answer := c.ask("POST", "/vidaoo/connect", fmt.Sprintf(`{"queue":"web","key":%q%s}`, key, more))
	if status != 202 {
		c.t.Fatalf("%d %s", status, answer)
	}
	var v hub.AdminVidaoo
	hubtest.Eventually(c.t, "the run ends", func() bool { v = c.state(); return v.Run != nil && !v.Run.Running })
	return *v.Run
}

// outcomes are the first letters of a run's outcomes.
func outcomes(run hub.AdminConnect) (letters string) {
	for _, step := range run.Steps {
		letters += string(step.Outcome[0])
	}
	return letters
}

// TestConnectVidaoo: a run in the hub tells the same as the command, keeps a good
// key, and tells it to nobody.
func TestConnectVidaoo(t *testing.T) {
	c := mustConnecting(t)
	if v := c.state(); v.Key != hub.KeyNowhere || v.Run != nil || v.Default != "https://api-vidaoo.xcally.com/api/v1" {
		t.Errorf("before it: %+v", v)
	}
	for _, tc := range []struct {
		name, key, more string
		faults          []vidaootest.Fault
		outcomes        string
		step            int
		says            string
	}{
		{name: "a wrong key", key: "wrong-key-of-somebody", outcomes: "ofsssss", step: 1, says: "the API key is wrong or was revoked"},
		{name: "a key without permission", key: "read-key", outcomes: "oomfsss", step: 3, says: "give its role the right to manage meetings"},
		{name: "Vidaoo is away", key: goodKey, more: `,"base_url":"http://127.0.0.1:1/api/v1"`, outcomes: "ofsssss", step: 1, says: "nothing listens at 127.0.0.1:1"},
		{name: "no JSON", key: goodKey, faults: []vidaootest.Fault{{Kind: vidaootest.Garbled, On: "meeting-create"}}, outcomes: "ooofsss", step: 3, says: "it is not JSON"},
		{name: "other names", key: goodKey, faults: []vidaootest.Fault{{Kind: vidaootest.Renamed, On: "meeting-create"}}, outcomes: "ooomoom", step: 3, says: "name the right one with --set meeting-id=KEY"},
		{name: "a firewall", key: goodKey, more: `,"wait":"1s"`, faults: []vidaootest.Fault{{Kind: vidaootest.Silent}}, outcomes: "ooooofo", step: 5, says: "35.180.105.193 to port 443"},
		{name: "all is well", key: goodKey, outcomes: "ooooooo", step: 5, says: "Vidaoo rings web."},
		{name: "with the key that is kept", outcomes: "ooooooo", step: 2, says: "is updated"},
	} {
		c.fake.SetFaults(tc.faults...)
		run := c.runs(tc.key, tc.more)
		if got := outcomes(run); got != tc.outcomes || !strings.Contains(run.Steps[tc.step].Sentence, tc.says) || run.Queue != "web" || run.By != "eva" || run.Next != "" {
			t.Errorf("%s: %s, want %s: %+v", tc.name, got, tc.outcomes, run)
		}
	}
	if v := c.state(); v.Key != hub.KeyStored || !v.Run.Connected || c.account.Kept() != goodKey {
		t.Errorf("after it: %+v", v)
	}
	if open := c.Hub.OpenCalls(); len(open) > 0 {
		t.Errorf("calls are left: %+v", open)
	}
	_, audit := c.ask("GET", "/audit", "")
	for _, want := range []string{`"action":"vidaoo.connect","target":"web"`, `"outcome":"connected"`, `"failed":"webhook","key":"(changed)","outcome":"not connected"`, `"base_url":"http://127.0.0.1:1"`} {
		if !strings.Contains(audit, want) {
			t.Errorf("the audit log has no %s: %s", want, audit)
		}
	}
	for _, secret := range []string{goodKey, "wrong-key-of-somebody", "read-key"} {
		if strings.Contains(strings.Join(c.answers, "\n"), secret) || strings.Contains(c.log.String(), secret) {
			t.Errorf("%s is in an answer or in the log", secret)
		}
	}
	if strings.Contains(c.log.String(), "/receive/") {
		t.Error("the Receive URL is in the log")
	}
}

// TestConnectOnce: one run at a time; a hub that closes ends it and leaves no
// meeting behind.
func TestConnectOnce(t *testing.T) {
	c := mustConnecting(t)
	c.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Silent})
	body := fmt.Sprintf(`{"queue":"web","key":%q}`, goodKey)
	if status, answer := c.ask("POST", "/vidaoo/connect", body); status != 202 || !strings.Contains(answer, `"running":true`) {
		t.Fatalf("%d %s", status, answer)
	}
	hubtest.Eventually(t, "it waits for the webhook", func() bool { return c.state().Run.Next == "webhook" })
	if status, answer := c.ask("POST", "/vidaoo/connect", body); status != 409 || !strings.Contains(answer, "in_use") || !strings.Contains(answer, "being tried already") {
		t.Errorf("a second one: %d %s", status, answer)
	}
	c.Stop(t)
	list, left := httptest.NewRequest("GET", "/api/v1/meetings", nil), httptest.NewRecorder()
	list.Header.Set("X-APIKEY", goodKey)
	if c.fake.Handler().ServeHTTP(left, list); strings.TrimSpace(left.Body.String()) != "[]" {
		t.Errorf("meetings are left: %s", left.Body)
	}
}

// TestConnectRefuses what can't be tried, each beside its field.
func TestConnectRefuses(t *testing.T) {
	c := mustConnecting(t)
	for body, field := range map[string]string{
		`{"queue":"nowhere"}`:                                     "queue",
		`{"queue":"web"}`:                                         "key",
		`{"queue":"web","key":"short"}`:                           "key",
		`{"queue":"web","key":"long enough?"}`:                    "key",
		`{"queue":"web","key":"long-enough","base_url":"ftp://"}`: "base_url",
		`{"queue":"web","key":"long-enough","settings":["x=y"]}`:  "settings",
		`{"queue":"web","key":"long-enough","wait":"soon"}`:       "wait",
	} {
		if status, answer := c.ask("POST", "/vidaoo/connect", body); status != 400 || !strings.Contains(answer, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if v := c.state(); v.Run != nil {
		t.Errorf("there is a run: %+v", v.Run)
	}
}
