package web

import (
	"net/http"
	"net/url"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// wallboardEntry is a wallboard as administration has it.
type wallboardEntry struct {
	Name    string    `json:"name"`
	Queues  []string  `json:"queues"`
	ID      string    `json:"id"`
	Created wire.Time `json:"created"`
	Token   string    `json:"token"`
}

// wallboardsPage is what the page of wallboards shows.
type wallboardsPage struct {
	Wallboards []wallboardEntry
	Form       *form
	Made       string // the name of the one that was made now
	Link       string // with its token: it is shown this once
}

func (s *Site) wallboardForm(r *http.Request, v visit) (*form, error) {
	all, err := s.queues(r, v)
	if err != nil {
		return nil, err
	}
	return newForm("/admin/wallboards", v.T("Make the wallboard"), 0, group{Fields: []*field{
		{Name: "name", Kind: kindText, Label: v.T("Name"), Must: true, Help: v.T("Where the screen hangs, such as foyer."),
			mistake: v.T("A name is 1 to 40 letters (a to z), digits, - and _, and begins with a letter or digit."),
			taken:   v.T("There is a wallboard of this name already. Choose another name, or remove it first.")},
		{Name: "queues", Kind: kindSeveral, Label: v.T("Queues to show"), Choices: queueChoices(all, nil), Help: v.T("None: all queues."),
			mistake: v.T("One of these queues is not there any more. Save again.")},
	}}), nil
}

// readWallboards reads what the page shows, or answers why there is none.
func (s *Site) readWallboards(w http.ResponseWriter, r *http.Request, v visit) (p wallboardsPage, ok bool) {
	err := s.admin(r, v, "GET", "/wallboards", nil, &p.Wallboards)
	if err == nil {
		p.Form, err = s.wallboardForm(r, v)
	}
	if err != nil {
		s.fail(w, r, v, err)
	}
	return p, err == nil
}

func (s *Site) listWallboards(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readWallboards(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-wallboards", p)
	}
}

// addWallboard makes a wallboard. Its link is shown in the answer and nowhere
// else: a redirect would have to carry it.
func (s *Site) addWallboard(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	f, err := s.wallboardForm(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	f.read(r)
	f.Revision = 0
	var made wallboardEntry
	in := f.request(v)
	if in != nil {
		err = s.admin(r, v, "POST", "/wallboards", in, &made)
		if err != nil && !f.refuse(v, err) {
			s.fail(w, r, v, err)
			return
		}
	}
	p, ok := s.readWallboards(w, r, v)
	switch {
	case !ok:
	case in == nil || err != nil:
		p.Form = f
		s.show(w, v, statusOf(err), "admin-wallboards", p)
	default:
		p.Made = made.Name
		p.Link = s.origin + "/wallboard?" + url.Values{"token": {made.Token}}.Encode()
		s.show(w, v, http.StatusOK, "admin-wallboards", p)
	}
}

func (s *Site) removeWallboard(w http.ResponseWriter, r *http.Request, v visit) {
	err := s.admin(r, v, "DELETE", "/wallboards/"+segment(r.PathValue("name")), nil, nil)
	if err != nil && codeOf(err) != call.NotFound { // it is gone already
		s.fail(w, r, v, err)
		return
	}
	done(w, r, "/admin/wallboards", "removed")
}
