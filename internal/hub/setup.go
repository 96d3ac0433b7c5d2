package hub

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// wrongLinks set-up links are answered at once, then one every wrongLinkPause.
	wrongLinks     = 30
	wrongLinkPause = 3 * time.Second
)

var (
	noSetUp       = notFound("This set-up link is used already, or another one took its place. Sign in, or see what 'deskbell-hub serve' printed last.")
	tooManySetUps = &call.Error{Code: call.TooMany, Message: "Too many wrong set-up links: wait a minute and try again."}
)

// settingUp is the way to the first admin of a hub that has no users: whoever has
// the link that serve printed makes it. There is no link in a hub with users.
type settingUp struct {
	mu    sync.Mutex
	hash  string // of the link's secret; empty: there is no link
	wrong *pace
}

func newSettingUp() *settingUp {
	return &settingUp{wrong: &pace{burst: wrongLinks, pause: wrongLinkPause}}
}

// SetUp makes the secret of a set-up link, good until it is used, until the hub
// has a user, or until another one is made. ok is false if the hub has users.
func (h *Hub) SetUp() (secretOfLink string, ok bool) {
	h.setting.mu.Lock()
	defer h.setting.mu.Unlock()
	if len(h.directory.Users()) > 0 {
		return "", false
	}
	made := secret()
	h.setting.hash = hashToken(made)
	return made, true
}

// checkSetUp refuses a secret that is no set-up link's. The caller holds
// h.setting.mu. Wrong ones are slowed down; the right one never is, or a stranger
// could keep its owner out.
func (h *Hub) checkSetUp(given string) error {
	right := subtle.ConstantTimeCompare([]byte(hashToken(given)), []byte(h.setting.hash)) == 1
	switch {
	case right && len(h.directory.Users()) == 0:
		return nil
	case !h.setting.wrong.allow(h.now()):
		return tooManySetUps
	default:
		return noSetUp
	}
}

// showSetUp is GET /api/v1/set-up/{secret}: is it good?
func (h *Hub) showSetUp(w http.ResponseWriter, r *http.Request, _ caller) {
	h.setting.mu.Lock()
	err := h.checkSetUp(r.PathValue("secret"))
	h.setting.mu.Unlock()
	answer(w, http.StatusOK, struct{}{}, err)
}

// setUp is POST /api/v1/set-up/{secret}: it makes the first admin and signs it in.
func (h *Hub) setUp(w http.ResponseWriter, r *http.Request, _ caller) {
	var in wire.SetUp
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		writeProblem(w, badRequest(`Send {"username":…,"name":…,"password":…} as JSON.`))
		return
	}
	made, err := h.firstAdmin(r.Context(), r.PathValue("secret"), in)
	answer(w, http.StatusCreated, made, err)
}

// firstAdmin makes the first admin, once.
func (h *Hub) firstAdmin(ctx context.Context, given string, in wire.SetUp) (made wire.SignedIn, err error) {
	h.setting.mu.Lock()
	defer h.setting.mu.Unlock()
	if err := h.checkSetUp(given); err != nil {
		return made, err
	}
	if !h.guard.enter(ctx) {
		return made, tooManyTries
	}
	defer h.guard.leave()
	if in.Password == "" {
		return made, badField("password", "A password has at least %d characters.", minPassword)
	}
	var u User
	note := calllog.Audit{Action: "user.add", Target: clean.Text(in.Username, maxTarget), Options: map[string]any{"role": call.RoleAdmin, "set_up": true}}
	err = h.audited(ctx, caller{local: true}, note, func(caller) (err error) {
		u, err = h.directory.AddUser(ctx, User{Username: in.Username, Name: in.Name, Role: call.RoleAdmin}, in.Password)
		return err
	})
	if err != nil {
		return made, err
	}
	h.setting.hash = ""
	h.log.Info("the hub has its first admin")
	token, expires, err := h.directory.issue(ctx, u.Username, kindPages, h.now())
	return wire.SignedIn{Token: token, Expires: wire.At(expires), User: wireUser(u)}, err
}
