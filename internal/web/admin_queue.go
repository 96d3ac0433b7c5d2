package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// queue is a queue as administration has it.
type queue struct {
	wire.Queue
	Overflow      string              `json:"overflow"`
	OverflowAfter string              `json:"overflow_after"`
	Hours         string              `json:"hours"`
	TimeZone      string              `json:"time_zone"`
	WhenClosed    string              `json:"when_closed"`
	AllowFrom     []string            `json:"allow_from"`
	LinkHosts     []string            `json:"link_hosts"`
	Map           map[string][]string `json:"map"`
	Number        int                 `json:"number"`
	ReceiveURL    string              `json:"receive_url"`
	Members       []string            `json:"members"`
	Button        queueButton         `json:"button"`
	Forward       *forwarding         `json:"forward"`
	Recording     bool                `json:"recording"`
	DeleteMeeting bool                `json:"delete_meeting"`
	Open          bool                `json:"open"`
	Revision      uint64              `json:"revision"`
}

// queueState is a queue with its numbers of this moment.
type queueState struct {
	queue
	Numbers wire.WallboardNumbers
}

// queuePage is what the page of one queue shows.
type queuePage struct {
	queueState
	Body    string // to paste into Vidaoo's automation
	Form    *form
	Problem string // of another form than the options
	Member  string // that was typed
	Waiting int    // calls that keep it from being removed
}

// numbers are those of this moment, by queue.
func (s *Site) numbers(r *http.Request, v visit) (map[string]wire.WallboardNumbers, error) {
	var board wire.Wallboard
	if err := s.ask(r, v.token, "GET", "/api/v1/wallboard", nil, &board); err != nil {
		return nil, err
	}
	all := map[string]wire.WallboardNumbers{}
	for _, q := range board.Queues {
		all[q.Name] = q.WallboardNumbers
	}
	return all, nil
}

func (s *Site) queues(r *http.Request, v visit) (all []queue, err error) {
	return all, s.admin(r, v, "GET", "/queues", nil, &all)
}

func (s *Site) listQueues(w http.ResponseWriter, r *http.Request, v visit) {
	all, err := s.queues(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	now, err := s.numbers(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	states := []queueState{}
	for _, q := range all {
		states = append(states, queueState{q, now[q.Name]})
	}
	s.show(w, v, http.StatusOK, "admin-queues", states)
}

// readQueue reads what the page of a queue shows, or answers why there is none.
func (s *Site) readQueue(w http.ResponseWriter, r *http.Request, v visit) (p queuePage, ok bool) {
	p.Body = vidaoo.AutomationBody
	if err := s.admin(r, v, "GET", "/queues/"+segment(r.PathValue("name")), nil, &p.queue); err != nil {
		s.fail(w, r, v, err)
		return p, false
	}
	now, err := s.numbers(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return p, false
	}
	p.Numbers = now[p.Name]
	p.Form, err = s.queueForm(r, v, p.queue)
	if err != nil {
		s.fail(w, r, v, err)
	}
	return p, err == nil
}

func (s *Site) showQueue(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readQueue(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-queue", p)
	}
}

// queueForm is the form of a queue's options; of a new queue if it has no
// revision.
func (s *Site) queueForm(r *http.Request, v visit, q queue) (*form, error) {
	others, err := s.queues(r, v)
	if err != nil {
		return nil, err
	}
	names := []choice{{"", v.T("no other queue")}}
	for _, other := range others {
		if other.Name != q.Name || q.Revision == 0 {
			names = append(names, choice{other.Name, other.Name})
		}
	}
	if q.Revision == 0 {
		return newForm("/admin/new-queue", v.T("Add the queue"), 0, append([]group{queueName(v)}, queueOptions(v, q, names)...)...), nil
	}
	return newForm("/admin/queues/"+segment(q.Name), v.T("Save the options"), q.Revision, queueOptions(v, q, names)...), nil
}

func (s *Site) newQueue(w http.ResponseWriter, r *http.Request, v visit) {
	f, err := s.queueForm(r, v, defaultQueue())
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "admin-new-queue", f)
}

func (s *Site) addQueue(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	f, err := s.queueForm(r, v, defaultQueue())
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	f.read(r)
	f.Revision = 0
	var made queue
	if in := f.request(v); in != nil {
		durations(in, queueTimes...)
		if err = s.admin(r, v, "POST", "/queues", in, &made); err == nil {
			done(w, r, "/admin/queues/"+segment(made.Name), "added")
			return
		}
		if !f.refuse(v, err) {
			s.fail(w, r, v, err)
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-new-queue", f)
}

func (s *Site) setQueue(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p, ok := s.readQueue(w, r, v)
	if !ok {
		return
	}
	f, err := s.queueForm(r, v, p.queue)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	now := p.Form
	f.read(r)
	p.Form = f
	here := "/admin/queues/" + segment(p.Name)
	if f.untouched() {
		done(w, r, here, "same")
		return
	}
	if in := f.request(v); in != nil {
		durations(in, queueTimes...)
		err = s.admin(r, v, "PATCH", "/queues/"+segment(p.Name), in, nil)
		if s.saved(w, r, v, f, now, here, err) {
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-queue", p)
}

func (s *Site) rotateQueue(w http.ResponseWriter, r *http.Request, v visit) {
	name := r.PathValue("name")
	if err := s.admin(r, v, "POST", "/queues/"+segment(name)+"/rotate", nil, nil); err != nil {
		s.fail(w, r, v, err)
		return
	}
	done(w, r, "/admin/queues/"+segment(name), "rotated")
}

// removeQueue removes a queue, and with force the calls that wait in it.
func (s *Site) removeQueue(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	path := "/queues/" + segment(r.PathValue("name"))
	if r.PostFormValue("force") != "" {
		path += "?force"
	}
	err := s.admin(r, v, "DELETE", path, nil, nil)
	switch {
	case err == nil:
		done(w, r, "/admin/queues", "removed")
	case codeOf(err) == wire.CodeInUse:
		if p, ok := s.readQueue(w, r, v); ok {
			p.Waiting = max(1, p.Numbers.Waiting)
			p.Problem = v.T("The queue was not removed: calls wait in it. Wait until they are answered, or cancel them below.")
			s.show(w, v, statusOf(err), "admin-queue", p)
		}
	default:
		s.fail(w, r, v, err)
	}
}

// setMembers has a user serve the queue, or serve it no more.
func (s *Site) setMembers(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	name := r.PathValue("name")
	add, remove := strings.TrimSpace(r.PostFormValue("add")), r.PostFormValue("remove")
	err := s.serve(r, v, add+remove, name, remove == "")
	switch codeOf(err) {
	case call.NotFound, call.BadRequest, wire.CodeChanged:
	default:
		if err != nil {
			s.fail(w, r, v, err)
			return
		}
		done(w, r, "/admin/queues/"+segment(name), "member")
		return
	}
	if p, ok := s.readQueue(w, r, v); ok {
		p.Member = clean.Text(add, maxName)
		p.Problem = v.T("There is no user %q. Write a username that is in the list of users.", clean.Text(add+remove, maxName))
		if codeOf(err) == wire.CodeChanged {
			p.Problem = v.T("Somebody else has changed this user at the same moment. Try again.")
		}
		s.show(w, v, statusOf(err), "admin-queue", p)
	}
}

// maxName is how much of what should be a name is shown again.
const maxName = 80

// serve changes the queues that a user serves by one.
func (s *Site) serve(r *http.Request, v visit, username, queue string, yes bool) error {
	var u user
	path := "/users/" + segment(username)
	if err := s.admin(r, v, "GET", path, nil, &u); err != nil {
		return err
	}
	queues := slices.DeleteFunc(slices.Clone(u.Queues), func(q string) bool { return q == queue })
	if yes {
		queues = append(queues, queue)
	}
	return s.admin(r, v, "PATCH", path, map[string]any{"queues": queues, "revision": u.Revision}, nil)
}
