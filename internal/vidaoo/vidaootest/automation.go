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

// Automation sends a webhook when its trigger happens.
type Automation struct {
	Name    string
	Trigger Trigger
	Action  string
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

// change takes the fields that the request has; it answers and returns false if one can't be.
func (a *Automation) change(w http.ResponseWriter, r *http.Request) bool {
	if !form(w, r) {
		return false
	}
	trigger := Trigger(r.PostForm.Get("trigger"))
	if r.PostForm.Has("trigger") && trigger != MeetingCreated && trigger != FirstParticipantJoined {
		refuse(w, http.StatusBadRequest, "the trigger must be Meeting Created or First Participant Joined")
		return false
	}
	for name, set := range map[string]func(string){
		"name":    func(v string) { a.Name = v },
		"trigger": func(v string) { a.Trigger = Trigger(v) },
		"action":  func(v string) { a.Action = v },
		"url":     func(v string) { a.URL = v },
		"body":    func(v string) { a.Body = v },
	} {
		if r.PostForm.Has(name) {
			set(r.PostForm.Get(name))
		}
	}
	return true
}

// updateAutomation changes the fields that the request has.
func (s *Server) updateAutomation(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.automationOf(w, r); a != nil && a.change(w, r) {
		reply(w, http.StatusOK, s.automationObject(r.PathValue("id"), *a))
	}
}

func (s *Server) createAutomation(w http.ResponseWriter, r *http.Request) {
	var a Automation
	if a.change(w, r) {
		reply(w, http.StatusCreated, s.automationObject(s.AddAutomation(a), a))
	}
}

func (s *Server) showAutomation(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.automationOf(w, r); a != nil {
		reply(w, http.StatusOK, s.automationObject(r.PathValue("id"), *a))
	}
}

func (s *Server) listAutomations(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []any{}
	for i, a := range s.automations {
		all = append(all, s.automationObject(strconv.Itoa(i+1), a))
	}
	reply(w, http.StatusOK, all)
}

// automationOf finds the automation of a request, and answers if there is none.
func (s *Server) automationOf(w http.ResponseWriter, r *http.Request) *Automation {
	number, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || number < 1 || number > len(s.automations) {
		refuse(w, http.StatusNotFound, "there is no such automation")
		return nil
	}
	return &s.automations[number-1]
}

func (s *Server) automationObject(id string, a Automation) map[string]any {
	return map[string]any{
		s.options.IDField: id, "name": a.Name, "trigger": a.Trigger, "action": a.Action, "url": a.URL, "body": a.Body,
	}
}

// trigger starts the webhooks of all automations that wait for this. It returns when they are on their
// way, which is at once unless maxSending are.
func (s *Server) trigger(ctx context.Context, trigger Trigger, m *meeting) {
	if s.fault("", Silent) != "" {
		return
	}
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
