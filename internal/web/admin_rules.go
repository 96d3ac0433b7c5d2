package web

import (
	"net/http"
	"strconv"
	"strings"
)

// rules are the rules of presence.
type rules struct {
	Reasons          []string `json:"reasons"`
	SignInPaused     bool     `json:"sign_in_paused"`
	PauseAfterMissed int      `json:"pause_after_missed"`
}

// rulesForm is the form of the rules. They have no revision: those that were not
// touched are not sent.
func (s *Site) rulesForm(r *http.Request, v visit) (*form, error) {
	var now rules
	if err := s.admin(r, v, "GET", "/presence", nil, &now); err != nil {
		return nil, err
	}
	paused := ""
	if now.SignInPaused {
		paused = yes
	}
	return newForm("/admin/rules", v.T("Save the rules"), 0, group{Fields: []*field{
		{Name: "reasons", Kind: kindLines, Label: v.T("Reasons for a pause"), Value: strings.Join(now.Reasons, "\n"),
			Help:    v.T("What agents choose from, one a line, such as lunch. Empty: agents write their own."),
			mistake: v.T("Write one a line, at most 50 lines of at most 80 characters.")},
		{Name: "pause_after_missed", Kind: kindNumber, Label: v.T("Pause after missed calls"), Value: strconv.Itoa(now.PauseAfterMissed),
			Help:    v.T("An agent who does not answer so many rings in a row is paused. 0: never. With beep-all one call that nobody takes can pause a whole queue."),
			mistake: v.T("Write a whole number from 0 to 100; 0 is never.")},
		{Name: "sign_in_paused", Kind: kindCheck, Label: v.T("Agents are paused when they sign in"), Value: paused,
			Help: v.T("Calls ring for them when they set themselves ready.")},
	}}), nil
}

func (s *Site) showRules(w http.ResponseWriter, r *http.Request, v visit) {
	f, err := s.rulesForm(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "admin-rules", f)
}

func (s *Site) setRules(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	f, err := s.rulesForm(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	f.read(r)
	in := f.request(v)
	if in != nil && len(in) == 0 {
		done(w, r, "/admin/rules", "same")
		return
	}
	if in != nil {
		if err = s.admin(r, v, "PATCH", "/presence", in, nil); err == nil {
			done(w, r, "/admin/rules", "saved")
			return
		}
		if !f.refuse(v, err) {
			s.fail(w, r, v, err)
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-rules", f)
}
