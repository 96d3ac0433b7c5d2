package hub

import (
	"fmt"
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminUser is a user as administration shows it.
type AdminUser struct {
	wire.User
	HasPassword bool          `json:"has_password"`
	Presence    wire.Presence `json:"presence"`
}

// UserChange asks for a user, or for another one; what is not set takes its
// default, or stays.
type UserChange struct {
	Username string    `json:"username,omitempty"` // of a new user
	Name     *string   `json:"name,omitempty"`
	Role     *string   `json:"role,omitempty"`
	Queues   *[]string `json:"queues,omitempty"`
	Password string    `json:"password,omitempty"`
}

func (in UserChange) apply(u *User) {
	set(&u.Name, in.Name)
	set((*string)(&u.Role), in.Role)
	if in.Queues != nil {
		u.Queues = withoutEmpty(*in.Queues)
	}
}

func (h *Hub) adminAddUser(w http.ResponseWriter, r *http.Request) {
	in, ok := readAdmin[UserChange](w, r)
	if !ok {
		return
	}
	u := User{Username: in.Username}
	in.apply(&u)
	u, err := h.directory.AddUser(r.Context(), u, in.Password)
	if err != nil {
		writeProblem(w, err)
		return
	}
	h.live.welcomeAgain(nobody)
	writeJSON(w, http.StatusCreated, h.adminUser(u))
}

// nobody is who is welcomed again when only supervisors are concerned.
func nobody(string) bool { return false }

// adminSetUser changes a user. A new password ends the sign-ins with the old
// one.
func (h *Hub) adminSetUser(w http.ResponseWriter, r *http.Request) {
	in, ok := readAdmin[UserChange](w, r)
	if !ok {
		return
	}
	u, err := h.directory.SetUser(r.Context(), r.PathValue("name"), in.Password, in.apply)
	if err == nil && in.Password != "" {
		err = h.directory.revokeAll(r.Context(), u.Username)
		h.closeApps(u.Username)
	}
	if err != nil {
		writeProblem(w, err)
		return
	}
	h.live.welcomeAgain(func(name string) bool { return name == u.Username })
	writeJSON(w, http.StatusOK, h.adminUser(u))
}

// adminRemoveUser removes a user who has no call.
func (h *Hub) adminRemoveUser(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if has := h.live.open(func(c call.Call) bool { return c.Agent == name }); len(has) > 0 {
		writeProblem(w, &call.Error{Code: wire.CodeInUse, Message: fmt.Sprintf(
			"%s has the call %s: it has to be finished or returned first.", h.directory.DisplayName(name), has[0].ID)})
		return
	}
	if err := h.directory.RemoveUser(r.Context(), name); err != nil {
		writeProblem(w, err)
		return
	}
	h.closeApps(name)
	h.live.forgetUser(name)
	h.live.welcomeAgain(nobody)
	writeJSON(w, http.StatusOK, struct{}{})
}

// closeApps has a user's apps ask for the password.
func (h *Hub) closeApps(username string) {
	for _, c := range h.live.connected(username) {
		c.close(wire.CloseSignIn)
	}
}

func (h *Hub) adminUser(u User) AdminUser {
	return AdminUser{User: wireUser(u), HasPassword: u.Password != "", Presence: wirePresence(h.live.presenceOf(u.Username))}
}

func (h *Hub) adminListUsers(w http.ResponseWriter, _ *http.Request) {
	all := []AdminUser{}
	for _, u := range h.directory.Users() {
		all = append(all, h.adminUser(u))
	}
	writeJSON(w, http.StatusOK, all)
}
