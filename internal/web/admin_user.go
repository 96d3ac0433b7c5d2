package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

// user is a user as administration has it.
type user struct {
	wire.User
	Revision    uint64        `json:"revision"`
	HasPassword bool          `json:"has_password"`
	Presence    wire.Presence `json:"presence"`
}

// maxListed is how many users are listed; a search finds the others.
const maxListed = 200

// usersPage is what the list of users shows.
type usersPage struct {
	Search string
	Users  []user
	All    int // users that fit the search
}

// signIn is a token of a user.
type signIn struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Created   wire.Time `json:"created"`
	Used      wire.Time `json:"used"`
	Expires   wire.Time `json:"expires"`
	Connected bool      `json:"connected"`
	Current   bool      `json:"current"`
}

// userPage is what the page of one user shows.
type userPage struct {
	user
	Form    *form
	SignIns []signIn
	Self    bool
	Problem string
}

func (s *Site) users(r *http.Request, v visit) (all []user, err error) {
	return all, s.admin(r, v, "GET", "/users", nil, &all)
}

func (s *Site) listUsers(w http.ResponseWriter, r *http.Request, v visit) {
	all, err := s.users(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	p := usersPage{Search: clean.Text(r.URL.Query().Get("q"), maxName)}
	wanted := strings.Fields(strings.ToLower(p.Search))
	for _, u := range all {
		has := strings.ToLower(strings.Join(append([]string{u.Username, u.Name, string(u.Role)}, u.Queues...), " "))
		if slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(has, word) }) {
			continue
		}
		if p.All++; p.All <= maxListed {
			p.Users = append(p.Users, u)
		}
	}
	s.show(w, v, http.StatusOK, "admin-users", p)
}

// userForm is the form of a user; of a new one if it has no revision.
func (s *Site) userForm(r *http.Request, v visit, u user) (*form, error) {
	all, err := s.queues(r, v)
	if err != nil {
		return nil, err
	}
	serves, watches := queueChoices(all, u.Queues), queueChoices(all, u.Supervises)
	password := v.T("At least 8 characters. Without one the user can't sign in, except with a token that 'deskbell-hub token issue' makes.")
	if u.Revision != 0 {
		password = v.T("Empty: it stays. A new one ends all sign-ins of the user. At least 8 characters.")
	}
	who := group{Fields: []*field{
		{Name: "name", Kind: kindText, Label: v.T("Display name"), Value: u.Name, Help: v.T("What others see, such as Desk 4.")},
		{Name: "role", Kind: kindChoice, Label: v.T("Role"), Value: string(u.Role), Choices: v.roles(),
			mistake: v.T("This is the last administrator. Make another one first.")},
		{Name: "password", Kind: kindPassword, Label: v.T("Password"), Auto: "new-password", Help: password,
			mistake: v.T("A password has at least 8 characters.")},
	}}
	if u.Revision == 0 {
		who.Fields = append([]*field{{
			Name: "username", Kind: kindText, Label: v.T("Username"), Must: true, Help: v.T("For signing in. It can't be changed later."),
			mistake: v.T("A username is 1 to 64 letters (a to z), digits and . _ @ + -, and begins with a letter or digit. It can't be local."),
			taken:   v.T("There is a user of this name already. Choose another username."),
		}}, who.Fields...)
	}
	gone := v.T("One of these queues is not there any more. Save again.")
	work := group{Title: v.T("Queues"), Fields: []*field{
		{Name: "queues", Kind: kindSeveral, Label: v.T("Serves"), Value: strings.Join(u.Queues, "\n"), Choices: serves,
			Help: v.T("Calls of these queues ring for the user."), mistake: gone},
		{Name: "supervises", Kind: kindSeveral, Label: v.T("Supervises only"), Value: strings.Join(u.Supervises, "\n"), Choices: watches,
			Help: v.T("For supervisors. None: all queues."), mistake: v.T("Only supervisors are limited to queues. Choose the role supervisor, or no queue here.")},
	}}
	if u.Revision == 0 {
		return newForm("/admin/new-user", v.T("Add the user"), 0, who, work), nil
	}
	return newForm("/admin/users/"+segment(u.Username), v.T("Save"), u.Revision, who, work), nil
}

// roles are what a user may be.
func (v visit) roles() []choice {
	return []choice{
		{string(call.RoleAgent), v.Role(call.RoleAgent)},
		{string(call.RoleSupervisor), v.Role(call.RoleSupervisor)},
		{string(call.RoleAdmin), v.Role(call.RoleAdmin)},
	}
}

// Role is a role in words.
func (v visit) Role(r call.Role) string {
	switch r {
	case call.RoleAdmin:
		return v.T("Administrator")
	case call.RoleSupervisor:
		return v.T("Supervisor")
	default:
		return v.T("Agent")
	}
}

// State is an agent's presence in words.
func (v visit) State(p wire.Presence) string {
	switch p.State {
	case call.Ready:
		return v.T("Ready")
	case call.Paused:
		return v.T("Paused")
	case call.Busy:
		return v.T("Busy")
	case call.WrapUp:
		return v.T("Wrap-up")
	default:
		return v.T("Offline")
	}
}

// queueChoices are all queues, and those that a user has though they are gone.
func queueChoices(all []queue, has []string) (choices []choice) {
	names := slices.Clone(has)
	for _, q := range all {
		names = append(names, q.Name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		choices = append(choices, choice{name, name})
	}
	return choices
}

func (s *Site) newUser(w http.ResponseWriter, r *http.Request, v visit) {
	f, err := s.userForm(r, v, freshUser(r))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "admin-new-user", f)
}

// freshUser is an agent, of the queue from whose page one comes.
func freshUser(r *http.Request) user {
	u := user{User: wire.User{Role: call.RoleAgent}}
	if q := r.URL.Query().Get("queue"); q != "" {
		u.Queues = []string{clean.Text(q, maxName)}
	}
	return u
}

func (s *Site) addUser(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	f, err := s.userForm(r, v, user{User: wire.User{Role: call.RoleAgent}})
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	f.read(r)
	f.Revision = 0
	for _, one := range f.fields() { // the page may have begun with a queue
		if one.Kind == kindSeveral {
			one.Was = ""
		}
	}
	var made user
	if in := f.request(v); in != nil {
		if err = s.admin(r, v, "POST", "/users", in, &made); err == nil {
			done(w, r, "/admin/users/"+segment(made.Username), "added")
			return
		}
		if !f.refuse(v, err) {
			s.fail(w, r, v, err)
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-new-user", f)
}

// readUser reads what the page of a user shows, or answers why there is none.
func (s *Site) readUser(w http.ResponseWriter, r *http.Request, v visit) (p userPage, ok bool) {
	path := "/users/" + segment(r.PathValue("name"))
	err := s.admin(r, v, "GET", path, nil, &p.user)
	if err == nil {
		err = s.admin(r, v, "GET", path+"/tokens", nil, &p.SignIns)
	}
	if err == nil {
		p.Form, err = s.userForm(r, v, p.user)
	}
	if err != nil {
		s.fail(w, r, v, err)
	}
	slices.Reverse(p.SignIns) // the newest first
	p.Self = p.Username == v.User.Username
	return p, err == nil
}

func (s *Site) showUser(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readUser(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-user", p)
	}
}

func (s *Site) setUser(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p, ok := s.readUser(w, r, v)
	if !ok {
		return
	}
	now, err := s.userForm(r, v, p.user)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	p.Form.read(r)
	here := "/admin/users/" + segment(p.Username)
	if p.Form.untouched() {
		done(w, r, here, "same")
		return
	}
	if in := p.Form.request(v); in != nil {
		err = s.admin(r, v, "PATCH", "/users/"+segment(p.Username), in, nil)
		if err == nil {
			s.stay(w, r, v, p, in)
		}
		if s.saved(w, r, v, p.Form, now, here, err) {
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-user", p)
}

// stay signs a visitor in again who has changed the own password: that ended all
// sign-ins, and this one too.
func (s *Site) stay(w http.ResponseWriter, r *http.Request, v visit, p userPage, in map[string]any) {
	password, _ := in["password"].(string)
	if !p.Self || password == "" {
		return
	}
	var again wire.SignedIn
	err := s.ask(r, "", "POST", "/api/v1/sessions", wire.SignIn{Username: p.Username, Password: password, Pages: true}, &again)
	if err == nil {
		s.keep(w, again.Token, again.Expires.Time)
	} // else the next page asks for the password
}

func (s *Site) removeUser(w http.ResponseWriter, r *http.Request, v visit) {
	err := s.admin(r, v, "DELETE", "/users/"+segment(r.PathValue("name")), nil, nil)
	why := ""
	switch codeOf(err) {
	case call.BadRequest:
		why = v.T("This is the last administrator and was not removed. Make another one first.")
	case wire.CodeInUse:
		why = v.T("The user has a call and was not removed. The call has to be finished or given back first.")
	default:
		if err != nil {
			s.fail(w, r, v, err)
			return
		}
		done(w, r, "/admin/users", "removed")
		return
	}
	if p, ok := s.readUser(w, r, v); ok {
		p.Problem = why
		s.show(w, v, statusOf(err), "admin-user", p)
	}
}

// revokeSignIns ends one sign-in of a user, or all.
func (s *Site) revokeSignIns(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	path := "/users/" + segment(r.PathValue("name")) + "/tokens"
	if id := r.PostFormValue("id"); id != "" {
		path += "?" + url.Values{"id": {id}}.Encode()
	}
	err := s.admin(r, v, "DELETE", path, nil, nil)
	if err != nil && codeOf(err) != call.NotFound { // it has ended already
		s.fail(w, r, v, err)
		return
	}
	done(w, r, "/admin/users/"+segment(r.PathValue("name")), "revoked")
}
