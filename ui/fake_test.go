package ui_test

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

// fakeSession is a session that asks the test instead of a hub.
type fakeSession struct {
	options agent.Options
	ended   chan error // what Run returns

	mu       sync.Mutex
	state    agent.State
	requests []string // "accept c1", in order
	receipts []receipt
	networks []agent.Network // those set after the session was made
	day      []wire.DayCall
	floor    agent.Floor
	trail    trail.Story
	answer   func(request string) error // nil answers nil
	hold     chan struct{}              // if set, requests wait for it
}

type receipt struct {
	call, surface string
	after         time.Duration
}

func newFakeSession() *fakeSession { return &fakeSession{ended: make(chan error, 1)} }

func (s *fakeSession) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-s.ended:
		return err
	}
}

func (s *fakeSession) request(ctx context.Context, format string, args ...any) error {
	request := fmt.Sprintf(format, args...)
	s.mu.Lock()
	s.requests = append(s.requests, request)
	hold, answer := s.hold, s.answer
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return &agent.Error{Sentence: "The hub did not answer.", Cause: ctx.Err()}
		}
	}
	if answer == nil {
		return nil
	}
	return answer(request)
}

func (s *fakeSession) Accept(ctx context.Context, id string) error {
	return s.request(ctx, "accept %s", id)
}

func (s *fakeSession) Decline(ctx context.Context, id string) error {
	return s.request(ctx, "decline %s", id)
}

func (s *fakeSession) Finish(ctx context.Context, id, disposition, note string) error {
	return s.request(ctx, "finish %s %q %q", id, disposition, note)
}

func (s *fakeSession) Return(ctx context.Context, id string) error {
	return s.request(ctx, "return %s", id)
}

func (s *fakeSession) Record(ctx context.Context, id string, on bool) error {
	return s.request(ctx, "record %s %v", id, on)
}

func (s *fakeSession) SetPresence(ctx context.Context, state call.PresenceState, reason string) error {
	return s.request(ctx, "presence %s %q", state, reason)
}

func (s *fakeSession) Day(context.Context) ([]wire.DayCall, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.day), nil
}

func (s *fakeSession) Floor() agent.Floor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.floor
}

func (s *fakeSession) Trail(ctx context.Context, id string) (trail.Story, error) {
	return s.trail, s.request(ctx, "trail %s", id)
}

func (s *fakeSession) Assign(ctx context.Context, id, username string) error {
	return s.request(ctx, "assign %s to %s", id, username)
}

func (s *fakeSession) Cancel(ctx context.Context, id string) error {
	return s.request(ctx, "cancel %s", id)
}

func (s *fakeSession) SetPresenceOf(ctx context.Context, username string, state call.PresenceState, reason string) error {
	return s.request(ctx, "presence of %s %s %q", username, state, reason)
}

func (s *fakeSession) SetNetwork(n agent.Network) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.networks = append(s.networks, n)
}

func (s *fakeSession) TestRing(ctx context.Context) error { return s.request(ctx, "test ring") }

func (s *fakeSession) SignOut(ctx context.Context) error { return s.request(ctx, "sign out") }

func (s *fakeSession) Shown(id, surface string, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receipts = append(s.receipts, receipt{id, surface, after})
}

func (s *fakeSession) State() agent.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

func (s *fakeSession) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *fakeSession) told() []receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.receipts)
}

func (s *fakeSession) refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(string) error { return err }
}

// fakeHub lets everybody in whose password is right.
type fakeHub struct {
	session *fakeSession
	signIn  func(ctx context.Context, hub, username, password string) (wire.SignedIn, error)

	mu      sync.Mutex
	options []agent.Options
}

func (h *fakeHub) SignIn(ctx context.Context, _ agent.Network, hub, username, password string) (wire.SignedIn, error) {
	if h.signIn != nil {
		return h.signIn(ctx, hub, username, password)
	}
	if password != "right" {
		return wire.SignedIn{}, &agent.Error{Sentence: "The user or the password is not right.", Code: "unauthorized"}
	}
	return wire.SignedIn{Token: "token of " + username, User: wire.User{Username: username, Name: "Anna Rossi"}}, nil
}

// last is what the last session was made with.
func (h *fakeHub) last() agent.Options {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.options[len(h.options)-1]
}

func (h *fakeHub) Session(options agent.Options) ui.Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.options = append(h.options, options)
	h.session.options = options
	return h.session
}

func (h *fakeHub) tokens() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var tokens []string
	for _, o := range h.options {
		tokens = append(tokens, o.Token)
	}
	return tokens
}

// fakeDesktop records what is asked of the desktop.
type fakeDesktop struct {
	mu      sync.Mutex
	tray    bool
	icons   []string // names of the icons that were set
	menu    *fyne.Menu
	tapped  func() // what a click on the icon does
	above   []fyne.Window
	raised  []string // titles
	opened  []string
	openErr error
	place   *image.Point // where the windows are; nil: the system does not tell
	put     []image.Point
	filled  []bool // each time that a window was to fill the screen, or not
}

func (d *fakeDesktop) Place(fyne.Window) (image.Point, bool) {
	if d.place == nil {
		return image.Point{}, false
	}
	return *d.place, true
}

func (d *fakeDesktop) Put(_ fyne.Window, at image.Point) { d.put = append(d.put, at) }

func (d *fakeDesktop) SetTray(icon fyne.Resource, menu *fyne.Menu, _ fyne.Window, tapped func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.icons, d.menu, d.tapped = append(d.icons, icon.Name()), menu, tapped
}

func (d *fakeDesktop) HasTray() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tray
}

func (d *fakeDesktop) FillScreen(_ fyne.Window, on bool) { d.filled = append(d.filled, on) }

func (d *fakeDesktop) KeepAbove(w fyne.Window) { d.above = append(d.above, w) }

func (d *fakeDesktop) Raise(w fyne.Window) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.raised = append(d.raised, w.Title())
	w.Show()
}

func (d *fakeDesktop) Open(address *url.URL) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, address.String())
	return d.openErr
}

func (d *fakeDesktop) OpenWith(command string, address *url.URL) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = append(d.opened, command+" "+address.String())
	return d.openErr
}

func (d *fakeDesktop) addresses() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.opened)
}

// fakeRinger remembers whether it rings.
type fakeRinger struct {
	mu     sync.Mutex
	on     bool
	soft   bool
	starts int
	tone   notify.Tone
	volume float64
	silent error // of Sounding
}

func (r *fakeRinger) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on, r.soft = true, false
	r.starts++
}

func (r *fakeRinger) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = false
}

func (r *fakeRinger) Close() error { return nil }

func (r *fakeRinger) StartSoft() {
	r.Start()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.soft = true
}

func (r *fakeRinger) SetTone(t notify.Tone) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tone = t
}

func (r *fakeRinger) SetVolume(v float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.volume = v
}

func (r *fakeRinger) Sounding(context.Context) error { return r.silent }

func (r *fakeRinger) set() (notify.Tone, float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tone, r.volume
}

// beeps tells whether it rings softly.
func (r *fakeRinger) beeps() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.on && r.soft
}

func (r *fakeRinger) rings() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.on
}

// fakeFront records what the bell says of answers.
type fakeFront struct {
	mu   sync.Mutex
	said []string
}

func (f *fakeFront) Answering(id string, answer notify.Kind) {
	f.say("answering %s %s", id, answer)
}

func (f *fakeFront) Refused(id, sentence string) { f.say("refused %s: %s", id, sentence) }

func (f *fakeFront) say(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func (f *fakeFront) heard() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.said)
}

// fakeStore is a keyring that may fail or wait.
type fakeStore struct {
	*credential.Memory

	mu   sync.Mutex
	fail error         // of Get, Set and Delete
	wait chan struct{} // if set, Get and Set wait for it
}

func newFakeStore() *fakeStore { return &fakeStore{Memory: credential.NewMemory()} }

func (s *fakeStore) trouble(ctx context.Context) error {
	s.mu.Lock()
	fail, wait := s.fail, s.wait
	s.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fail
}

func (s *fakeStore) Get(ctx context.Context, a credential.Account) (string, error) {
	if err := s.trouble(ctx); err != nil {
		return "", err
	}
	return s.Memory.Get(ctx, a)
}

func (s *fakeStore) Set(ctx context.Context, a credential.Account, secret string) error {
	if err := s.trouble(ctx); err != nil {
		return err
	}
	return s.Memory.Set(ctx, a, secret)
}

func (s *fakeStore) Delete(ctx context.Context, a credential.Account) error {
	if err := s.trouble(ctx); err != nil {
		return err
	}
	return s.Memory.Delete(ctx, a)
}

func (s *fakeStore) set(fail error, wait chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail, s.wait = fail, wait
}

// aCall is a ringing call without link, as a hub offers it.
func aCall(id, name string) wire.Call {
	return wire.Call{
		ID: id, Queue: "web", State: call.Ringing, Topic: "MY_WEBSITE",
		Customer: call.Customer{Name: name},
		Metadata: map[string]any{"language": "it"},
	}
}

// offerOf is an offer of a call that came just now, has waited that long and
// rings for 20 s.
func offerOf(c wire.Call, waited time.Duration) agent.Offer {
	now := time.Now()
	return agent.Offer{Call: c, Received: now.Add(-waited), Until: now.Add(20 * time.Second), Came: now}
}

// online is the state of a ready agent with calls that ring.
func online(offers ...agent.Offer) agent.State {
	return agent.State{
		Connection: agent.Online,
		User:       wire.User{Username: "anna", Name: "Anna Rossi"},
		Presence:   wire.Presence{State: call.Ready},
		Queues:     []wire.Queue{{Name: "web"}, {Name: "sales"}},
		Offers:     offers,
	}
}

func quiet(testing.TB) *slog.Logger { return slog.New(slog.DiscardHandler) }

// blockedSignIn answers when the channel is closed.
func blockedSignIn(answered chan struct{}) func(context.Context, string, string, string) (wire.SignedIn, error) {
	return func(ctx context.Context, _, username, _ string) (wire.SignedIn, error) {
		select {
		case <-answered:
			return wire.SignedIn{Token: "t", User: wire.User{Username: username, Name: "Anna Rossi"}}, nil
		case <-ctx.Done():
			return wire.SignedIn{}, ctx.Err()
		}
	}
}
