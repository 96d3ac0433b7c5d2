package wire_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 123e6, time.UTC)

func TestEveryMessageComesBack(t *testing.T) {
	c := wire.FromCall(call.Call{ID: "c1", Queue: "web", State: call.Ringing, Received: t0, Metadata: map[string]any{"language": "it"}})
	c.MayRecord, c.Recordings = true, []wire.Recording{{ID: "r1", Started: wire.At(t0), Stopped: wire.At(t0.Add(time.Minute)), By: "anna"}, {ID: "r2", Started: wire.At(t0), By: "anna"}}
	agent := wire.Agent{Username: "anna", Name: "Anna", Queues: []string{"web"}, Presence: wire.Presence{State: call.Paused, Reason: "lunch", Since: wire.At(t0)}}
	for _, m := range []any{
		wire.Welcome{Time: wire.At(t0), User: wire.User{Username: "anna", Queues: []string{}}, Queues: []wire.Queue{{Name: "web"}}, Offers: []wire.Ring{{Call: c, Until: wire.At(t0)}}, Calls: []wire.Call{}, Presence: agent.Presence},
		wire.Offer{Ring: wire.Ring{Call: c, Until: wire.At(t0)}},
		wire.Withdrawn{Call: "c1", Reason: wire.ReasonAnswered, By: "Desk 4"},
		wire.CallChanged{Call: c},
		wire.AgentChanged{Agent: agent},
		wire.Changes{Calls: []wire.Call{c}, Agents: []wire.Agent{agent}},
		wire.Numbers{Time: wire.At(t0), Total: wire.WallboardNumbers{Waiting: 1, WaitingSince: wire.At(t0)}, Queues: []wire.WallboardQueue{{Name: "web"}}, Agents: []wire.AgentNumbers{{Username: "anna", Answered: 2}}},
		wire.Reply{To: json.RawMessage(`"7"`), Error: &wire.Failure{Code: call.Taken, Message: "Desk 4 has it."}},
	} {
		frame, err := wire.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(frame), `{"type":"`) {
			t.Errorf("%T: the type is not in front: %s", m, frame)
		}
		got, err := wire.Decode(frame)
		if err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		if !reflect.DeepEqual(got, m) {
			t.Errorf("got  %#v\nwant %#v", got, m)
		}
	}
}

func TestTimesHaveMilliseconds(t *testing.T) {
	b, err := json.Marshal(wire.At(t0.In(time.FixedZone("CET", 3600))))
	if err != nil || string(b) != `"2026-03-02T09:00:00.123Z"` {
		t.Fatalf("got %s, %v", b, err)
	}
}

// TestARecordingIsOnWhileItHasNoEnd: a reader tells by what is not there.
func TestARecordingIsOnWhileItHasNoEnd(t *testing.T) {
	on, err := json.Marshal(wire.Recording{ID: "r1", Started: wire.At(t0), By: "anna"})
	if want := `{"id":"r1","started":"2026-03-02T09:00:00.123Z","by":"anna"}`; err != nil || string(on) != want {
		t.Errorf("got %s, %v; want %s", on, err, want)
	}
	without, err := json.Marshal(wire.Call{})
	if err != nil || strings.Contains(string(without), "record") {
		t.Errorf("a call that nobody records says %s, %v", without, err)
	}
}

func TestUnknownTypeIsIgnored(t *testing.T) {
	m, err := wire.Decode([]byte(`{"type":"weather","sun":true}`))
	if m != nil || err != nil {
		t.Fatalf("got %v, %v", m, err)
	}
}

// TestNoLinkInAnOffer draws any call and looks for its link in every message
// that is not for its owner.
func TestNoLinkInAnOffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := call.Call{
			ID: "c1", Queue: "web", Received: t0,
			State:   rapid.SampledFrom([]call.State{call.Waiting, call.Ringing, call.Accepted, call.Ended}).Draw(t, "state"),
			Topic:   rapid.String().Draw(t, "topic"),
			Session: rapid.StringMatching(`[a-z0-9]{1,10}`).Draw(t, "session"),
			Link:    "https://vidaoo.example/" + rapid.StringMatching(`LINK[A-Z]{12}`).Draw(t, "link"),
			Agent:   rapid.SampledFrom([]string{"", "anna"}).Draw(t, "agent"),
		}
		for _, m := range []any{
			wire.Offer{Ring: wire.Ring{Call: wire.FromCall(c), Until: wire.At(t0)}},
			wire.CallChanged{Call: wire.FromCall(c)},
			wire.CallChanged{Call: wire.ForSupervisor(c)},
			wire.Welcome{Calls: []wire.Call{wire.FromCall(c)}, Offers: []wire.Ring{{Call: wire.FromCall(c)}}},
		} {
			frame, err := wire.Encode(m)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(frame), c.Link) {
				t.Fatalf("%T holds the link: %s", m, frame)
			}
		}
		if has := wire.ForOwner(c).Link == c.Link; has != (c.State == call.Accepted) {
			t.Fatalf("state %s: the owner's link is there: %v", c.State, has)
		}
	})
}

func TestDecodeRequest(t *testing.T) {
	long := strings.Repeat("x", 2001)
	for _, tc := range []struct {
		frame string
		id    string
		ok    bool
	}{
		{`{"type":"accept","id":"1","call":"c1"}`, `"1"`, true},
		{`{"type":"accept","id":17,"call":"c1"}`, `17`, true},
		{`{"type":"accept","call":"c1"}`, ``, true},
		{`{"type":"accept","id":"1"}`, `"1"`, false},
		{`{"type":"decline","id":"1","call":"c1"}`, `"1"`, true},
		{`{"type":"finish","id":"1","call":"c1","disposition":"sold","note":"n"}`, `"1"`, true},
		{`{"type":"finish","id":"1","call":"c1","note":"` + long + `"}`, `"1"`, false},
		{`{"type":"shown","id":"1","call":"c1","surface":"native","ms":12}`, `"1"`, true},
		{`{"type":"shown","id":"1","call":"c1","surface":"radio","ms":12}`, `"1"`, false},
		{`{"type":"shown","id":"1","call":"c1","surface":"native","ms":-1}`, `"1"`, false},
		{`{"type":"presence","id":"1","state":"paused","reason":"lunch"}`, `"1"`, true},
		{`{"type":"presence","id":"1","state":"busy"}`, `"1"`, false},
		{`{"type":"record","id":"1","call":"c1","on":true}`, `"1"`, true},
		{`{"type":"record","id":"1","call":"c1","on":false}`, `"1"`, true},
		{`{"type":"record","id":"1","on":true}`, `"1"`, false},
		{`{"type":"record","id":"1","call":"c1","on":"yes"}`, `"1"`, false},
		{`{"type":"dance","id":"1"}`, `"1"`, false},
		{`{"type":5,"id":"1"}`, `"1"`, false},
		{`{"type":"accept","id":{"a":1},"call":"c1"}`, ``, false},
		{`{"type":"accept","id":"` + strings.Repeat("9", 65) + `","call":"c1"}`, ``, false},
		{`{"type":"accept"`, ``, false},
		{`[]`, ``, false},
		{`null`, ``, false},
	} {
		r, err := wire.DecodeRequest([]byte(tc.frame))
		if (err == nil) != tc.ok || string(r.ID) != tc.id {
			t.Errorf("%s: id %s, error %v", tc.frame, r.ID, err)
		}
		if err != nil && call.CodeOf(err) != call.BadRequest {
			t.Errorf("%s: code %s", tc.frame, call.CodeOf(err))
		}
	}
}

// FuzzDecodeRequest reads what any app may send: never a panic, and an id that
// can be put into a reply.
func FuzzDecodeRequest(f *testing.F) {
	for _, s := range []string{`{"type":"accept","id":"1","call":"c1"}`, `{"type":"shown","id":2,"call":"c","surface":"window","ms":3}`, `{"id":tr`, `[]`, `{"type":"presence","state":"ready","id":null}`, `{"type":"record","id":"1","call":"c1","on":true}`, `{"type":"record","id":1,"call":"c1","on":null}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		r, err := wire.DecodeRequest(frame)
		if err == nil && r.Type == "" {
			t.Fatal("a request without a type was accepted")
		}
		reply, err := wire.Encode(wire.Reply{To: r.ID})
		if err != nil || !json.Valid(reply) {
			t.Fatalf("reply %s: %v", reply, err)
		}
	})
}

// FuzzDecode reads what any hub may send.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"type":"welcome","time":"2026-03-02T09:00:00.123Z"}`, `{"type":"offer","call":{"id":"1"}}`, `{"type":"reply","to":1}`, `{"type":"withdrawn","call":"c","reason":"answered"}`,
		`{"type":"call","call":{"id":"c","may_record":true,"recordings":[{"id":"r","started":"2026-03-02T09:00:00.123Z","by":"anna"}]}}`, `{"type":"call","call":{"recordings":[{"stopped":""}]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		m, err := wire.Decode(frame)
		if err != nil || m == nil {
			return
		}
		if _, err := wire.Encode(m); err != nil && !strings.Contains(err.Error(), "encode") {
			t.Fatalf("decoded %T, but: %v", m, err)
		}
	})
}

func TestStatus(t *testing.T) {
	for code, want := range map[call.Code]int{
		call.BadRequest: 400, wire.CodeUnreadable: 400, wire.CodeUnauthorized: 401, call.Forbidden: 403,
		call.NotFound: 404, call.Taken: 409, call.NotOffered: 409, call.Gone: 410, wire.CodeTooLarge: 413,
		wire.CodeNoSessionLink: 422, call.TooMany: 429, call.Unavailable: 503, "never heard of": 503,
	} {
		if got := wire.Status(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}
