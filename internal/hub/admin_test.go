package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestTheSecondIsTold: of two admins who read the same and change it, the second
// is told; one who names no revision has the last word.
func TestTheSecondIsTold(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	token := s.MustUser(t, "eva", call.RoleAdmin)
	s.MustQueue(t, hub.Queue{Name: "web"})
	for _, tc := range []struct{ path, change, other string }{
		{"/queues/web", `"ring":"30s"`, `"ring":"40s"`},
		{"/users/eva", `"name":"Eva"`, `"name":"Eva B"`},
	} {
		url := s.URL + "/api/v1/admin" + tc.path
		patch := func(body string, want int) (revision uint64) {
			t.Helper()
			status, answer := hubtest.Do(t, "PATCH", url, token, "application/json", body)
			if status != want {
				t.Fatalf("PATCH %s %s: %d %s, want %d", tc.path, body, status, answer, want)
			}
			if status == http.StatusConflict {
				if p := problem(t, answer); p.Code != wire.CodeChanged || !strings.Contains(p.Detail, "was changed meanwhile") {
					t.Errorf("%+v", p)
				}
				return 0
			}
			return revisionOf(t, answer)
		}
		_, answer := hubtest.Do(t, "GET", url, token, "", "")
		read := revisionOf(t, answer)
		after := patch(fmt.Sprintf(`{%s,"revision":%d}`, tc.change, read), 200)
		if after == read || read == 0 {
			t.Errorf("%s: revision %d after %d", tc.path, after, read)
		}
		patch(fmt.Sprintf(`{%s,"revision":%d}`, tc.other, read), 409)
		if got := ifMatch(t, url, token, fmt.Sprintf("%q", fmt.Sprint(read)), "{"+tc.other+"}"); got != 409 {
			t.Errorf("If-Match of an old revision: %d", got)
		}
		if got := ifMatch(t, url, token, "what", "{"+tc.other+"}"); got != 400 {
			t.Errorf("If-Match of no revision: %d", got)
		}
		if got := ifMatch(t, url, token, fmt.Sprintf("%q", fmt.Sprint(after)), "{"+tc.other+"}"); got != 200 {
			t.Errorf("If-Match of the revision: %d", got)
		}
		patch("{"+tc.change+"}", 200)
	}
}

func revisionOf(t *testing.T, answer string) uint64 {
	t.Helper()
	var got struct{ Revision uint64 }
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return got.Revision
}

func ifMatch(t *testing.T, url, token, tag, body string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "PATCH", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("If-Match", tag)
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// TestLastAdmin: however admins remove and demote each other at one moment, one
// stays.
func TestLastAdmin(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	d := s.Hub.Directory()
	const admins = 8
	for i := range admins {
		s.MustUser(t, fmt.Sprint("admin", i), call.RoleAdmin)
	}
	demote := func(ctx context.Context, name string) error {
		_, err := d.SetUser(ctx, name, "", func(u *hub.User) error { u.Role = call.RoleSupervisor; return nil })
		return err
	}
	begin := make(chan struct{})
	var group sync.WaitGroup
	failed := make([]error, admins)
	for i := range admins {
		group.Go(func() {
			<-begin
			do := d.RemoveUser
			if i%2 == 0 {
				do = demote
			}
			failed[i] = do(t.Context(), fmt.Sprint("admin", i))
		})
	}
	close(begin)
	group.Wait()
	var stays string
	for _, u := range d.Users() {
		if u.Role == call.RoleAdmin {
			stays += u.Username
		}
	}
	refused := 0
	for i, err := range failed {
		if err != nil {
			refused++
			if call.CodeOf(err) != call.BadRequest || stays != fmt.Sprint("admin", i) {
				t.Errorf("admin%d: %v; %q stays", i, err, stays)
			}
		}
	}
	if refused != 1 {
		t.Errorf("%d were refused, want 1: %v", refused, errors.Join(failed...))
	}
	if err := d.RemoveUser(t.Context(), stays); call.CodeOf(err) != call.BadRequest {
		t.Errorf("the last one is removed: %v", err)
	}
	if err := demote(t.Context(), stays); call.CodeOf(err) != call.BadRequest {
		t.Errorf("the last one is made a supervisor: %v", err)
	}
}
