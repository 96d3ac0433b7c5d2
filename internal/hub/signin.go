package hub

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// maxHashing bounds how many passwords are checked at once: each costs
	// 19 MiB and a core.
	maxHashing = 4
	// hashingWait is how long a sign-in waits for its turn.
	hashingWait = 5 * time.Second
	// wrongBurst wrong passwords of one username are checked at once, then one
	// every wrongPause.
	wrongBurst = 30
	wrongPause = 3 * time.Second
	maxGuessed = 10_000 // usernames remembered
)

var (
	wrongPassword = &call.Error{Code: wire.CodeUnauthorized, Message: "Wrong username or password."}
	notSignedIn   = &call.Error{Code: wire.CodeUnauthorized, Message: "Sign in first: the token is missing, expired or revoked."}
	signInAgain   = &call.Error{Code: call.Forbidden, Message: "Sign in again: the token is expired or revoked, or the user is gone."}
	tooManyTries  = &call.Error{Code: call.TooMany, Message: "Too many sign-ins: wait a minute and try again."}
)

// guard slows down the guessing of passwords.
type guard struct {
	hashing chan struct{}

	mu    sync.Mutex
	wrong map[string]*pace // by username, known or not
}

func newGuard() *guard {
	return &guard{hashing: make(chan struct{}, maxHashing), wrong: map[string]*pace{}}
}

// allow tells whether a username may be tried now.
func (g *guard) allow(username string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.wrong[username]
	return p == nil || p.free.Sub(now) < time.Duration(p.burst)*p.pause
}

// note remembers a wrong password. When too many usernames are remembered, all
// are forgotten: that costs a guesser more than it helps.
func (g *guard) note(username string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.wrong) >= maxGuessed {
		clear(g.wrong)
	}
	if g.wrong[username] == nil {
		g.wrong[username] = &pace{burst: wrongBurst, pause: wrongPause}
	}
	g.wrong[username].allow(now)
}

// enter waits for a turn to hash.
func (g *guard) enter(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, hashingWait)
	defer cancel()
	select {
	case g.hashing <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g *guard) leave() { <-g.hashing }

// signIn is POST /api/v1/sessions.
func (h *Hub) signIn(w http.ResponseWriter, r *http.Request, _ caller) {
	var in wire.SignIn
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&in); err != nil {
		writeProblem(w, badRequest(`Send {"username":…,"password":…} as JSON.`))
		return
	}
	u, err := h.checkPassword(r.Context(), in)
	if err != nil {
		writeProblem(w, err)
		return
	}
	kind := kindApp
	if in.Pages {
		kind = kindPages
	}
	token, expires, err := h.directory.issue(r.Context(), u.Username, kind, h.now())
	if err != nil {
		h.log.Error("sign-in not written", "agent", u.Username, "err", err)
		writeProblem(w, err)
		return
	}
	if h.directory.Rules().SignInPaused && !in.Pages {
		if err := h.setPresence(r.Context(), u.Username, call.Paused, "", call.CauseSignIn); err != nil {
			writeProblem(w, err)
			return
		}
	}
	writeJSON(w, http.StatusCreated, wire.SignedIn{Token: token, Expires: wire.At(expires), User: wireUser(u)})
}

func (h *Hub) checkPassword(ctx context.Context, in wire.SignIn) (User, error) {
	if !h.guard.allow(in.Username, h.now()) || !h.guard.enter(ctx) {
		return User{}, tooManyTries
	}
	defer h.guard.leave()
	u, ok := h.directory.CheckPassword(in.Username, in.Password)
	if !ok {
		h.guard.note(in.Username, h.now())
		h.log.Warn("wrong username or password")
		return User{}, wrongPassword
	}
	return u, nil
}

// signOut is DELETE /api/v1/sessions/current: the token is no good any more,
// and the connections that came with it end.
func (h *Hub) signOut(w http.ResponseWriter, r *http.Request, by caller) {
	if err := h.directory.revoke(r.Context(), by.token); err != nil {
		writeProblem(w, err)
		return
	}
	for _, c := range h.live.connected(by.Username) {
		if c.token == by.token.Hash {
			c.close(wire.CloseSignedOut)
		}
	}
	h.live.signedOut(by.Username)
	w.WriteHeader(http.StatusNoContent)
}

// removeExpired forgets the tokens that are no good any more.
func (h *Hub) removeExpired() {
	ctx, cancel := h.requestContext()
	defer cancel()
	if err := h.directory.removeExpired(ctx, h.now()); err != nil {
		h.log.Warn("expired sign-ins not removed; it is tried again", "err", err)
	}
}
