package hub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestSetUp: the link makes one admin, whoever else has it, and is gone then.
func TestSetUp(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	old, _ := s.Hub.SetUp()
	secret, ok := s.Hub.SetUp()
	if !ok || len(secret) != 43 {
		t.Fatalf("the link's secret is %q, %v", secret, ok)
	}
	ask := func(method, secret, body string) (int, string) {
		return hubtest.Do(t, method, s.URL+"/api/v1/set-up/"+secret, "", "application/json", body)
	}
	if status, answer := ask("GET", old, ""); status != http.StatusNotFound {
		t.Errorf("an older link answered %d %s", status, answer)
	}
	if status, answer := ask("GET", secret, ""); status != http.StatusOK {
		t.Errorf("the link answered %d %s", status, answer)
	}
	_, answer := ask("POST", secret, `{"username":"é","password":"short"}`)
	if p := problem(t, answer); len(p.Faults) != 2 || p.Faults[0].Field != "username" || p.Faults[1].Field != "password" {
		t.Errorf("mistakes: %s", answer)
	}
	var group sync.WaitGroup
	statuses := make([]int, 8)
	answers := make([]string, 8)
	for i := range statuses {
		group.Go(func() {
			statuses[i], answers[i] = ask("POST", secret, fmt.Sprintf(`{"username":"eva%d","name":"Eva","password":"right horse"}`, i))
		})
	}
	group.Wait()
	made := 0
	for i, status := range statuses {
		switch status {
		case http.StatusCreated:
			made++
			var in wire.SignedIn
			if err := json.Unmarshal([]byte(answers[i]), &in); err != nil || in.User.Role != call.RoleAdmin {
				t.Errorf("made %s", answers[i])
			}
			if status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/admin/users", in.Token, "", ""); status != http.StatusOK {
				t.Errorf("the first admin is answered %d %s", status, answer)
			}
		case http.StatusNotFound:
		default:
			t.Errorf("answered %d %s", status, answers[i])
		}
	}
	if users := s.Hub.Directory().Users(); made != 1 || len(users) != 1 {
		t.Errorf("%d admins were made, there are %+v", made, users)
	}
	if status, _ := ask("GET", secret, ""); status != http.StatusNotFound {
		t.Errorf("the used link answered %d", status)
	}
	if _, ok := s.Hub.SetUp(); ok {
		t.Error("a hub with users has a link")
	}
}

// Wrong links are slowed down; the right one is not, so that nobody keeps its
// owner out. A user who came otherwise ends it.
func TestSetUpGuessed(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	secret, _ := s.Hub.SetUp()
	ask := func(secret string) (status int) {
		status, _ = hubtest.Do(t, "GET", s.URL+"/api/v1/set-up/"+secret, "", "", "")
		return status
	}
	for ask(strings.Repeat("x", 43)) != http.StatusTooManyRequests {
	}
	if status := ask(secret); status != http.StatusOK {
		t.Errorf("the right link answered %d", status)
	}
	s.MustUser(t, "anna", call.RoleAgent)
	if status := ask(secret); status == http.StatusOK {
		t.Error("the link is good in a hub with users")
	}
}
