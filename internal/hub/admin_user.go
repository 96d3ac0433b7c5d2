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
	Revision    uint64        `json:"revision"`
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
	// Supervises limits a supervisor to queues; an empty list: all.
	Supervises *[]string `json:"supervises,omitempty"`
	Password   string    `json:"password,omitempty"`
	// Revision is that of the user to be changed: if it has another one, somebody
	// else was faster. Without it the last change counts.
	Revision *uint64 `json:"revision,omitempty"`
}

func (in UserChange) apply(u *User) error {
	if in.Revision != nil && *in.Revision != u.Revision {
		return changedMeanwhile("user", u.Username)
	}
	set(&u.Name, in.Name)
	set((*string)(&u.Role), in.Role)
	if in.Queues != nil {
		u.Queues = withoutEmpty(*in.Queues)
	}
	if in.Supervises != nil {
		u.Supervises = withoutEmpty(*in.Supervises)
	}
	return nil
}

func (h *Hub) adminAddUser(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[UserChange](r)
	if err != nil {
		return 0, nil, err
	}
	u := User{Username: in.Username}
	if err = in.apply(&u); err == nil {
		u, err = h.directory.AddUser(r.Context(), u, in.Password)
	}
	if err != nil {
		return 0, nil, err
	}
	h.live.welcomeAgain(nobody)
	return http.StatusCreated, h.adminUser(u), nil
}

// nobody is who is welcomed again when only supervisors are concerned.
func nobody(string) bool { return false }

// adminSetUser changes a user. A new password ends the sign-ins with the old
// one.
func (h *Hub) adminSetUser(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[UserChange](r)
	if err != nil {
		return 0, nil, err
	}
	if in.Revision, err = ifMatch(r, in.Revision); err != nil {
		return 0, nil, err
	}
	u, err := h.directory.SetUser(r.Context(), r.PathValue("name"), in.Password, in.apply)
	if err == nil && in.Password != "" {
		err = h.directory.revokeAll(r.Context(), u.Username)
		h.closeApps(u.Username)
	}
	if err != nil {
		return 0, nil, err
	}
	h.live.welcomeAgain(func(name string) bool { return name == u.Username })
	return http.StatusOK, h.adminUser(u), nil
}

// adminRemoveUser removes a user who has no call.
func (h *Hub) adminRemoveUser(r *http.Request, _ caller) (int, any, error) {
	name := r.PathValue("name")
	if has := h.live.open(func(c call.Call) bool { return c.Agent == name }); len(has) > 0 {
		return 0, nil, &call.Error{Code: wire.CodeInUse, Message: fmt.Sprintf(
			"%s has the call %s: it has to be finished or returned first.", h.directory.DisplayName(name), has[0].ID)}
	}
	if err := h.directory.RemoveUser(r.Context(), name); err != nil {
		return 0, nil, err
	}
	h.closeApps(name)
	h.live.forgetUser(name)
	h.live.welcomeAgain(nobody)
	return http.StatusOK, struct{}{}, nil
}

// closeApps has a user's apps ask for the password.
func (h *Hub) closeApps(username string) {
	for _, c := range h.live.connected(username) {
		c.close(wire.CloseSignIn)
	}
}

func (h *Hub) adminUser(u User) AdminUser {
	return AdminUser{User: wireUser(u), Revision: u.Revision, HasPassword: u.Password != "", Presence: wirePresence(h.live.presenceOf(u.Username))}
}

func (h *Hub) adminListUsers(*http.Request, caller) (int, any, error) {
	all := []AdminUser{}
	for _, u := range h.directory.Users() {
		all = append(all, h.adminUser(u))
	}
	return http.StatusOK, all, nil
}

func (h *Hub) adminShowUser(r *http.Request, _ caller) (int, any, error) {
	u, ok := h.directory.User(r.PathValue("name"))
	if !ok {
		return 0, nil, noUser(r.PathValue("name"))
	}
	return http.StatusOK, h.adminUser(u), nil
}
