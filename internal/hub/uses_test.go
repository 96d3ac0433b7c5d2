package hub_test

import (
	"encoding/json"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// TestLastUse: it is known when a sign-in was used last, over a restart too, and
// one that was revoked does not come back for it.
func TestLastUse(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.MustStart(t, dir)
	eva, anna := s.MustUser(t, "eva", call.RoleAdmin), s.MustUser(t, "anna", call.RoleAgent)
	tokens := func() (all []hub.AdminToken) {
		t.Helper()
		_, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/admin/users/anna/tokens", eva, "", "")
		if err := json.Unmarshal([]byte(answer), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := tokens(); len(all) != 1 || !all[0].Used.IsZero() || all[0].Kind != "issued" || all[0].Current {
		t.Errorf("before it was used: %+v", all)
	}
	hubtest.Do(t, "GET", s.URL+"/api/v1/me", anna, "", "")
	used := tokens()[0].Used
	if used.IsZero() {
		t.Error("it was used, and nothing is known of that")
	}
	s.Hub.KeepUses()
	s.Stop(t)
	s = hubtest.MustStart(t, dir)
	if got := tokens()[0].Used; got.Unix() != used.Unix() {
		t.Errorf("after a restart it was used at %v, before at %v", got, used)
	}
	hubtest.Do(t, "GET", s.URL+"/api/v1/me", anna, "", "")
	hubtest.Do(t, "DELETE", s.URL+"/api/v1/admin/users/anna/tokens", eva, "", "")
	s.Hub.KeepUses()
	if all := tokens(); len(all) != 0 {
		t.Errorf("after it was revoked: %+v", all)
	}
}
