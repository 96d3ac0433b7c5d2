package hub_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestLinkOnDemand: a supervisor gets a session link by asking for it, and the
// audit log knows.
func TestLinkOnDemand(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	id := f.newCall()
	path := f.URL + "/api/v1/calls/" + id + "/link"
	status, answer := hubtest.Do(t, http.MethodPost, path, f.MustToken(t, "sara"), "", "")
	var got wire.Link
	if err := json.Unmarshal([]byte(answer), &got); err != nil || status != http.StatusOK || !strings.HasPrefix(got.Link, "https://") {
		t.Errorf("%d %s (%v)", status, answer, err)
	}
	_, audit := hubtest.Do(t, http.MethodGet, f.URL+"/api/v1/admin/audit", f.MustToken(t, "eva"), "", "")
	if !strings.Contains(audit, `"call.link"`) || !strings.Contains(audit, id) {
		t.Errorf("the audit log has no call.link of %s: %s", id, audit)
	}
	if strings.Contains(audit, got.Link) {
		t.Errorf("the link is in the audit log: %s", audit)
	}
	hubtest.Do(t, http.MethodPost, f.URL+"/api/v1/calls/"+id+"/cancel", f.MustToken(t, "sara"), "", "")
	if status, answer := hubtest.Do(t, http.MethodPost, path, f.MustToken(t, "sara"), "", ""); status != http.StatusGone {
		t.Errorf("of an ended call: %d %s", status, answer)
	}
}
