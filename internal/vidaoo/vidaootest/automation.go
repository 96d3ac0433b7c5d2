package vidaootest

import (
	"context"
	"net/http"
	"strconv"
)

// Trigger is what makes an automation run.
type Trigger string

// The triggers that Vidaoo has published.
const (
	MeetingCreated         Trigger = "Meeting Created"
	FirstParticipantJoined Trigger = "First Participant Joined"
)

// DefaultBody is the body that docs/vidaoo.md gives to paste. Of its templates only those under
// data.metadata are published.
const DefaultBody = `{
  "session_id": "<$data.id$>",
  "topic": "<$data.topic$>",
  "link": "<$data.link$>",
  "name": "<$data.metadata.name$>",
  "email": "<$data.metadata.email$>",
  "phone": "<$data.metadata.phone$>",
  "language": "<$data.metadata.language$>",
  "page": "<$data.metadata.page$>"
}`

// Automation sends a webhook when its trigger happens.
type Automation struct {
	Trigger Trigger
	URL     string // the Receive URL
	Body    string // JSON with templates, as the administrator typed it
}

// AddAutomation is the administrator making an automation. It returns the automation's id.
func (s *Server) AddAutomation(a Automation) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.automations = append(s.automations, a)
	return strconv.Itoa(len(s.automations))
}

// updateAutomation changes the fields that the request has.
func (s *Server) updateAutomation(w http.ResponseWriter, r *http.Request) {
	if !form(w, r) {
		return
	}
	trigger := Trigger(r.PostForm.Get("trigger"))
	if r.PostForm.Has("trigger") && trigger != MeetingCreated && trigger != FirstParticipantJoined {
		refuse(w, http.StatusBadRequest, "the trigger must be Meeting Created or First Participant Joined")
		return
	}
	id := r.PathValue("id")
	s.mu.Lock()
	defer s.mu.Unlock()
	number, err := strconv.Atoi(id)
	if err != nil || number < 1 || number > len(s.automations) {
		refuse(w, http.StatusNotFound, "there is no such automation")
		return
	}
	a := &s.automations[number-1]
	if r.PostForm.Has("trigger") {
		a.Trigger = trigger
	}
	if r.PostForm.Has("url") {
		a.URL = r.PostForm.Get("url")
	}
	if r.PostForm.Has("body") {
		a.Body = r.PostForm.Get("body")
	}
	reply(w, http.StatusOK, map[string]string{
		s.options.IDField: id, "trigger": string(a.Trigger), "url": a.URL, "body": a.Body,
	})
}

// trigger starts the webhooks of all automations that wait for this. It returns when they are on their
// way, which is at once unless maxSending are.
func (s *Server) trigger(ctx context.Context, trigger Trigger, m *meeting) {
	s.mu.Lock()
	automations := append([]Automation(nil), s.automations...)
	s.mu.Unlock()
	event := map[string]any{"data": s.object(m)}
	for i, a := range automations {
		if a.Trigger != trigger {
			continue
		}
		s.send(ctx, a.URL, Delivery{
			Automation: strconv.Itoa(i + 1),
			Trigger:    trigger,
			Meeting:    m.id,
			Sent:       fill(a.Body, event, s.options.Unfilled),
		})
	}
}
