package hub_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// TestPreview: a mapping is tried on a payload that made no call, and nothing is
// changed.
func TestPreview(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	token := s.MustUser(t, "eva", call.RoleAdmin)
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	s.MustQueue(t, hub.Queue{Name: "sales"})
	if status, answer := hubtest.Post(t, receive, "", `{"room":{"at":"https://vidaoo.example/s1","who":"Ann"},"nr":7}`); status != 422 {
		t.Fatalf("%d %s", status, answer)
	}
	preview := func(query url.Values, want int) (got hub.AdminMapped, answer string) {
		t.Helper()
		status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/admin/queues/web/preview?"+query.Encode(), token, "", "")
		if err := json.Unmarshal([]byte(answer), &got); err != nil || status != want {
			t.Fatalf("%d %s (%v)", status, answer, err)
		}
		return got, answer
	}
	got, _ := preview(nil, 200)
	if len(got.Fields) != 8 || got.Fields[0].Field != "link" || got.Fields[0].Usual[0] != "link" || got.Code != "" {
		t.Errorf("without a payload: %+v", got)
	}
	got, _ = preview(url.Values{"payload": {"1"}}, 200)
	if got.Code != "no_session_link" || strings.Join(got.Paths, " ") != "nr room.at room.who" || len(got.Looked) == 0 {
		t.Errorf("with the usual mapping: %+v", got)
	}
	got, _ = preview(url.Values{"payload": {"1"}, "map": {"link=room.at", "name=room.who", "session=nr"}}, 200)
	found := map[string]string{}
	for _, f := range got.Fields {
		found[f.Field] = f.Found + " " + f.Value
	}
	if found["link"] != "room.at https://vidaoo.example/s1" || found["name"] != "room.who Ann" || found["session"] != "nr 7" || got.Code != "" {
		t.Errorf("with another mapping: %+v", got)
	}
	if _, answer := preview(url.Values{"payload": {"1"}, "map": {"link=a..b"}}, 400); problem(t, answer).Faults[0].Field != "map" {
		t.Errorf("a bad path: %s", answer)
	}
	if q, _ := s.Hub.Directory().Queue("web"); len(q.Map) > 0 {
		t.Errorf("the preview changed the queue: %v", q.Map)
	}
	for _, path := range []string{"web/payloads/99", "sales/payloads/1", "nowhere/payloads/1", "sales/preview?payload=1"} {
		if status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/admin/queues/"+path, token, "", ""); status != 404 {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
}

// TestAllFaultsAtOnce: everything that is wrong with a request is told with its
// field.
func TestAllFaultsAtOnce(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	token := s.MustUser(t, "eva", call.RoleAdmin)
	_, answer := hubtest.Do(t, "POST", s.URL+"/api/v1/admin/queues", token, "",
		`{"name":"<b>","ring":"soon","patience":"48h","hours":"never","allow_from":["x"],"link_hosts":["a b"],"overflow":"gone","time_zone":"Mars/X","capacity":0}`)
	var fields []string
	for _, f := range problem(t, answer).Faults {
		fields = append(fields, f.Field)
	}
	if got := strings.Join(fields, " "); got != "name ring hours allow_from patience capacity time_zone overflow link_hosts" {
		t.Errorf("faults in %s: %s", got, answer)
	}
	_, answer = hubtest.Do(t, "DELETE", s.URL+"/api/v1/admin/users/eva", token, "", "")
	if p := problem(t, answer); len(p.Faults) != 1 || p.Faults[0].Field != "role" {
		t.Errorf("the last admin: %s", answer)
	}
}
