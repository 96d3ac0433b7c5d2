package vidaoo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// receiveEnd is a hub as Connect sees it: webhooks come, and make calls unless the queue refuses them.
type receiveEnd struct {
	url      string
	bodies   chan string
	refused  string
	canceled []string
}

func newReceiveEnd(t *testing.T) *receiveEnd {
	t.Helper()
	end := &receiveEnd{bodies: make(chan string, 10)}
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body strings.Builder
		_, _ = fmt.Fprint(&body, r.URL.Path)
		buffer := make([]byte, 64<<10)
		for {
			n, err := r.Body.Read(buffer)
			body.Write(buffer[:n])
			if err != nil {
				break
			}
		}
		end.bodies <- body.String()
	}))
	t.Cleanup(hub.Close)
	end.url = hub.URL + "/receive/web/SECRET"
	return end
}

func (e *receiveEnd) arrived(ctx context.Context, marks []string) (a vidaoo.Arrival, err error) {
	for {
		select {
		case body := <-e.bodies:
			for _, mark := range marks {
				if strings.Contains(body, mark) {
					if e.refused != "" {
						return vidaoo.Arrival{Refused: e.refused}, nil
					}
					return vidaoo.Arrival{Call: "c1"}, nil
				}
			}
			a.Others++
		case <-ctx.Done():
			return a, ctx.Err()
		}
	}
}

func (e *receiveEnd) cancel(_ context.Context, call string) error {
	e.canceled = append(e.canceled, call)
	return nil
}

// TestConnect goes through the faults of a Vidaoo: of each step the outcome's first letter (queue,
// token, automation, meeting, key, webhook, cleanup), and what is said.
func TestConnect(t *testing.T) {
	on := func(kind vidaootest.FaultKind, op string) []vidaootest.Fault {
		return []vidaootest.Fault{{Kind: kind, On: op}}
	}
	tests := []struct {
		name      string
		key       vidaoo.Key
		faults    []vidaootest.Fault
		have      []vidaootest.Automation // already at Vidaoo; {} stands for the Receive URL
		settings  vidaoo.Settings
		change    func(*vidaoo.Setup, *receiveEnd)
		outcomes  string
		says      map[string]string
		meetings  int // that are left
		connected bool
	}{
		{name: "all is well", outcomes: "ooooooo", connected: true, says: map[string]string{
			"token": "takes the key.", "automation": "The automation “Deskbell web” (1) is made", "webhook": "Vidaoo rings web.",
			"cleanup": "The test's call is canceled. The test meeting is deleted.", "key": "Kept."}},
		{name: "once more", have: []vidaootest.Automation{{Trigger: vidaootest.FirstParticipantJoined, URL: "https://other.example"}, {Trigger: vidaootest.MeetingCreated, URL: "{}", Body: "{}"}},
			outcomes: "ooooooo", connected: true, says: map[string]string{"automation": "The automation “Deskbell web” (2) is updated"}},
		{name: "the hub has another address now", have: []vidaootest.Automation{{Name: "Deskbell web", Trigger: vidaootest.MeetingCreated, URL: "https://old.example"}},
			outcomes: "ooooooo", connected: true, says: map[string]string{"automation": "(1) is updated"}},
		{name: "an automation that is named", have: []vidaootest.Automation{{}, {Trigger: vidaootest.MeetingCreated}}, faults: on(vidaootest.Absent, "automation-list"),
			change: func(s *vidaoo.Setup, _ *receiveEnd) { s.Automation = "2" }, outcomes: "ooooooo", connected: true},
		{name: "a list in other names", faults: on(vidaootest.Renamed, "automation-list"), outcomes: "ooooooo", connected: true,
			says: map[string]string{"automation": "Whether an earlier one is there could not be read: look in Vidaoo"}},
		{name: "an automation that is not there", change: func(s *vidaoo.Setup, _ *receiveEnd) { s.Automation = "7" }, outcomes: "oofooso",
			says: map[string]string{"automation": "There is no automation 7 in Vidaoo"}},
		{name: "a wrong key", key: "wrong-key", outcomes: "ofsssss", says: map[string]string{
			"token": "Vidaoo answered 401 (Unauthorized), saying \"the API key is missing or wrong\": the API key is wrong or was revoked; generate a new API token", "meeting": "Not tried, because of the step token."}},
		{name: "a key without permission", key: "read-key", outcomes: "oomfsss", says: map[string]string{
			"automation": "In Vidaoo's administration, create an automation with these values", "meeting": "give its role the right to manage meetings"}},
		{name: "a key for meetings only", key: "meeting-key", have: []vidaootest.Automation{{Trigger: vidaootest.MeetingCreated, URL: "{}", Body: vidaoo.AutomationBody}},
			outcomes: "ommoooo", connected: true, says: map[string]string{"token": "its user may not ask for that"}},
		{name: "paths that nobody knows", faults: append(on(vidaootest.Absent, "verify"), append(on(vidaootest.Absent, "automation-list"), on(vidaootest.Absent, "automation-create")...)...),
			outcomes: "ommoofo", says: map[string]string{"token": "is not known (tried GET /accounts/verify)", "automation": "Deskbell can't make the automation",
				"webhook": "If the automation is not made yet, make it as said above and run this again. Vidaoo's webhooks come from 35.180.105.193 to port 443"}},
		{name: "endpoints that are switched off", settings: vidaoo.Settings{"verify": "none", "automation-list": "none", "automation-create": "none"},
			have: []vidaootest.Automation{{Trigger: vidaootest.MeetingCreated, URL: "{}", Body: vidaoo.AutomationBody}}, outcomes: "ommoooo", connected: true},
		{name: "a firewall", faults: on(vidaootest.Silent, ""), outcomes: "ooooofo", says: map[string]string{
			"webhook": "No webhook of the test meeting came within 3s. Vidaoo's webhooks come from 35.180.105.193 to port 443: let them through the firewall", "cleanup": "The test meeting is deleted."}},
		{name: "another body", have: []vidaootest.Automation{{Trigger: vidaootest.MeetingCreated, URL: "{}", Body: `{"a":"b"}`}}, key: "meeting-key",
			outcomes: "ommoofo", says: map[string]string{"webhook": "1 others did: the way is open"}},
		{name: "no link in the webhook", change: func(_ *vidaoo.Setup, e *receiveEnd) { e.refused = "no session link found" }, outcomes: "ooooofo",
			says: map[string]string{"webhook": "The webhook came, but made no call. No session link found. 'deskbell-hub payload list web' shows what came."}},
		{name: "broken", faults: on(vidaootest.Broken, "verify"), outcomes: "ofsssss", says: map[string]string{"token": "the trouble is at Vidaoo; try again later"}},
		{name: "slow", faults: on(vidaootest.Slow, "meeting-create"), outcomes: "ooofsss", says: map[string]string{"meeting": "did not answer in time"}},
		{name: "cut", faults: on(vidaootest.Cut, "meeting-create"), outcomes: "ooofsss", says: map[string]string{"meeting": "whether it was done is not known"}},
		{name: "garbled", faults: on(vidaootest.Garbled, "meeting-create"), outcomes: "ooofsss", says: map[string]string{"meeting": "it is not JSON"}},
		{name: "other field names", faults: on(vidaootest.Renamed, "meeting-create"), outcomes: "ooomoom", meetings: 1, connected: true, says: map[string]string{
			"meeting": "the reply has v2GuestRedirectionUrl, v2Id, v2Link, v2Metadata.v2Email, v2Metadata.v2Language, v2Metadata.v2Name, v2Metadata.v2Page, v2Metadata.v2Phone, v2Topic: name the right one with --set meeting-id=KEY", "cleanup": "Delete the meeting “Deskbell connection test” in Vidaoo."}},
		{name: "the meeting is gone", faults: on(vidaootest.Gone, "meeting-delete"), outcomes: "oooooom", meetings: 1, connected: true,
			says: map[string]string{"cleanup": "could not be deleted"}},
		{name: "the meeting stays", faults: on(vidaootest.Broken, "meeting-delete"), outcomes: "oooooof", meetings: 1, says: map[string]string{"cleanup": "Delete the meeting “Deskbell connection test” in Vidaoo. "}},
		{name: "the key can't be kept", change: func(s *vidaoo.Setup, _ *receiveEnd) {
			s.Keep = func() (string, error) { return "", errors.New("the disk is full") }
		}, outcomes: "oooofoo", says: map[string]string{"key": "The disk is full."}},
		{name: "nothing to keep", change: func(s *vidaoo.Setup, _ *receiveEnd) { s.Keep = nil }, outcomes: "oooosoo", connected: true},
		{name: "a call that stays", change: func(s *vidaoo.Setup, _ *receiveEnd) {
			s.Cancel = func(context.Context, string) error { return errors.New("no hub runs") }
		}, outcomes: "oooooof", meetings: 1, says: map[string]string{"cleanup": "The test's call c1 still rings: No hub runs."}},
		{name: "a Receive URL without https", change: func(s *vidaoo.Setup, _ *receiveEnd) { s.ReceiveURL = "http://hub.example/receive/web/x" }, outcomes: "fosssss",
			says: map[string]string{"queue": "start the hub with --public-url https://HOST"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			end := newReceiveEnd(t)
			for i := range test.have {
				test.have[i].URL = strings.Replace(test.have[i].URL, "{}", end.url, 1)
			}
			settings := vidaoo.Settings{"timeout": "5s", "attempts": "1"}
			for name, value := range test.settings {
				settings[name] = value
			}
			s, client := fake(t, vidaootest.Options{Automations: test.have}, vidaoo.Config{Settings: settings, Key: test.key})
			s.SetFaults(test.faults...)
			setup := vidaoo.Setup{Client: client, Queue: "web", ReceiveURL: end.url, Wait: time.Minute,
				Keep: func() (string, error) { return "Kept.", nil }, Arrived: end.arrived, Cancel: end.cancel}
			if strings.Contains(test.says["webhook"], "No webhook") || strings.Contains(test.says["webhook"], "others") || strings.Contains(test.says["webhook"], "not made") {
				setup.Wait = 3 * time.Second
			}
			if test.change != nil {
				test.change(&setup, end)
			}
			told := 0
			setup.Tell = func(vidaoo.Step) { told++ }
			found := vidaoo.Connect(t.Context(), setup)
			outcomes := ""
			for _, step := range found {
				outcomes += string(step.Outcome[0])
				if says := test.says[step.Name]; !strings.Contains(step.Sentence, says) {
					t.Errorf("%s: %s\nwant %s", step.Name, step.Sentence, says)
				}
				if !strings.HasSuffix(step.Sentence, ".") || strings.Contains(step.Sentence, "SECRET") || strings.Contains(step.Sentence, string(test.key)) && test.key != "" {
					t.Errorf("%s says %q", step.Name, step.Sentence)
				}
			}
			if outcomes != test.outcomes || told != len(found) || vidaoo.Connected(found) != test.connected {
				t.Errorf("the outcomes are %s, want %s; %d told; connected %v\n%+v", outcomes, test.outcomes, told, vidaoo.Connected(found), found)
			}
			left, _, err := fakeMeetings(t, client)
			if err != nil || left != test.meetings {
				t.Errorf("%d meetings are left, %v; want %d", left, err, test.meetings)
			}
		})
	}
}

// fakeMeetings counts the meetings of a fake, whatever the key of the test may do.
func fakeMeetings(t *testing.T, of *vidaoo.Client) (int, []byte, error) {
	client := newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"base-url": "http://" + of.Host() + "/api/v1", "attempts": "1"}})
	all, raw, err := client.Meetings(t.Context())
	return len(all), raw, err
}

// TestPaste: what is left to the administrator comes with all that is to be typed.
func TestPaste(t *testing.T) {
	end := newReceiveEnd(t)
	_, client := fake(t, vidaootest.Options{}, vidaoo.Config{Settings: vidaoo.Settings{"automation-create": "none", "trigger": "Riunione creata"}})
	found := vidaoo.Connect(t.Context(), vidaoo.Setup{Client: client, Queue: "web", ReceiveURL: end.url, Wait: time.Second, Arrived: end.arrived})
	got := map[string]string{}
	for _, p := range found[2].Paste {
		got[p.Field] = p.Value
	}
	for field, want := range map[string]string{"Name": "Deskbell web", "Trigger": "Riunione creata", "Action": "Webhook", "Method": "POST", "URL": end.url, "Body": vidaoo.AutomationBody} {
		if got[field] != want {
			t.Errorf("%s is %q, want %q", field, got[field], want)
		}
	}
}

// TestConnectWarns of Receive URLs at which Vidaoo's webhooks will hardly arrive.
func TestConnectWarns(t *testing.T) {
	for _, tc := range []struct {
		url   string
		allow []string
		says  string
	}{
		{"https://hub.example/r", nil, "Webhooks for web go to hub.example."},
		{"https://hub.example:8443/r", nil, "Its port is not 443"},
		{"https://hub.example/r", []string{"10.0.0.0/8"}, "allow it with 'queue set web --allow-from'"},
		{"https://hub.example/r", []string{"10.0.0.0/8", "35.180.105.192/28"}, "Webhooks for web go to hub.example."},
		{"https://10.1.2.3/r", nil, "which Vidaoo can't reach"},
		{"http://127.0.0.1:8480/r", nil, "which Vidaoo can't reach"},
	} {
		client := newClient(t, vidaoo.Config{Transport: answering(401, ``)})
		found := vidaoo.Connect(t.Context(), vidaoo.Setup{Client: client, Queue: "web", ReceiveURL: tc.url, AllowFrom: tc.allow})
		if !strings.Contains(found[0].Sentence, tc.says) || strings.HasPrefix(tc.says, "Webhooks") && found[0].Sentence != tc.says {
			t.Errorf("%s: %s", tc.url, found[0].Sentence)
		}
	}
}
