package web

import (
	"net/http"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
)

// forwarding is where a queue's calls go on to, and how that does.
type forwarding struct {
	URL         string `json:"url"` // without keys
	Private     bool   `json:"private"`
	MotionURL   string `json:"motion_url"`
	Disposition string `json:"motion_disposition"`
	target
}

// motionPage is what the page of a queue's way to XCALLY Motion shows.
type motionPage struct {
	queue
	Key      string // none, stored, systemd
	KeyWrong string // why the typed key was not taken
	Form     *form
}

// Answered is the address at which Motion says that an agent of its has a call.
func (p motionPage) Answered() string { return p.ReceiveURL + "?event=answered" }

func (s *Site) readMotion(w http.ResponseWriter, r *http.Request, v visit) (p motionPage, ok bool) {
	err := s.admin(r, v, "GET", "/queues/"+segment(r.PathValue("name")), nil, &p.queue)
	var key struct{ Key string }
	if err == nil {
		err = s.admin(r, v, "GET", "/motion", nil, &key)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return p, false
	}
	p.Key, p.Form = key.Key, motionForm(v, p.queue)
	return p, true
}

func (s *Site) showMotion(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readMotion(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-motion", p)
	}
}

// motionForm is the form of where calls go on to. The address may hold a key: it
// is typed, and never shown again.
func motionForm(v visit, q queue) *form {
	now := forwarding{Disposition: "Answered in Deskbell"}
	help := v.T("The account's address in Motion's Open Channel, with its key: https://motion.example/api/openchannel/accounts/3/notify?apikey=…")
	if q.Forward != nil {
		now = *q.Forward
		help = v.T("Leave it empty, and calls go to the address that is set. It may hold a key, so it is not shown whole.")
	}
	return newForm("/admin/queues/"+segment(q.Name)+"/motion", v.T("Save"), q.Revision, group{Title: v.T("Passing calls on"), Fields: []*field{
		{Name: "forward", Kind: kindText, Label: v.T("Motion's Receive URL"), Wide: true, Help: help,
			mistake: v.T("The hub can't send there. Write an https address; one in a private network or on the hub's machine needs the box below.")},
		{Name: "forward_private", Kind: kindCheck, Label: v.T("The address is in a private network or on the hub's machine"), Value: checked(now.Private), Wide: true},
	}}, group{Title: v.T("Taken here, closed there"), Fields: []*field{
		{Name: "motion_url", Kind: kindText, Label: v.T("Where Motion's REST is"), Value: now.MotionURL,
			Help:    v.T("Such as https://motion.example. Empty: interactions stay open there."),
			mistake: v.T("Write an address like https://motion.example, without a query.")},
		{Name: "motion_disposition", Kind: kindText, Label: v.T("Disposition"), Value: now.Disposition, Help: v.T("With which interactions are closed in Motion.")},
	}})
}

func (s *Site) setMotion(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p, ok := s.readMotion(w, r, v)
	if !ok {
		return
	}
	f, now := motionForm(v, p.queue), p.Form
	f.read(r)
	p.Form = f
	if f.untouched() {
		done(w, r, f.Action, "same")
		return
	}
	in := f.request(v)
	if _, forward := in["forward"]; in != nil && p.Forward == nil && !forward { // the hub would forget the rest
		f.Groups[0].Fields[0].Wrong = v.T("Say first where calls are passed on to.")
		f.Problem = v.T("Nothing was saved. Put the marked fields right and save again.")
		in = nil
	}
	var err error
	if in != nil {
		err = s.admin(r, v, "PATCH", "/queues/"+segment(p.Name), in, nil)
		if s.saved(w, r, v, f, now, f.Action, err) {
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-motion", p)
}

// stopMotion has a queue's calls passed on no more.
func (s *Site) stopMotion(w http.ResponseWriter, r *http.Request, v visit) {
	name := r.PathValue("name")
	if err := s.admin(r, v, "PATCH", "/queues/"+segment(name), map[string]any{"forward": ""}, nil); err != nil {
		s.fail(w, r, v, err)
		return
	}
	done(w, r, "/admin/queues/"+segment(name)+"/motion", "saved")
}

// setMotionKey stores the key of Motion's REST, or removes it. It is one for all
// queues.
func (s *Site) setMotionKey(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	here := "/admin/queues/" + segment(r.PathValue("name")) + "/motion"
	var err error
	if r.PostFormValue("remove") != "" {
		err = s.admin(r, v, "DELETE", "/motion/key", nil, nil)
	} else {
		err = s.admin(r, v, "PUT", "/motion/key", map[string]any{"key": strings.TrimSpace(r.PostFormValue("key"))}, nil)
	}
	switch codeOf(err) {
	case call.BadRequest:
		if p, ok := s.readMotion(w, r, v); ok {
			p.KeyWrong = v.T("This is no whole key: it has at least 8 characters and no spaces. Copy it again from Motion.")
			s.show(w, v, statusOf(err), "admin-motion", p)
		}
		return
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if r.PostFormValue("remove") != "" {
		done(w, r, here, "removed")
		return
	}
	done(w, r, here, "key")
}

// MotionKeyWords say whether there is a key of Motion's REST, and where.
func (v visit) MotionKeyWords(where string) string {
	switch where {
	case "stored":
		return v.T("It lies in a file of the hub's data folder that only the hub's user can read, and is never shown.")
	case "systemd":
		return v.T("It is in the care of systemd (LoadCredential), and is never shown.")
	}
	return v.T("Without a key no interaction is closed in Motion.")
}
