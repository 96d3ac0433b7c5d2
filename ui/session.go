package ui

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
)

// Session is a signed-in agent's line to the hub: [agent.Session], or a fake
// in a test. Every method but SetNetwork, Shown and State waits for the hub and heeds its
// context; their errors are fit for [agent.Sentence].
type Session interface {
	Supervisor
	// Run keeps the line up until ctx ends or the token is no good any more.
	Run(ctx context.Context) error
	Accept(ctx context.Context, id string) error
	Decline(ctx context.Context, id string) error
	Finish(ctx context.Context, id, disposition, note string) error
	Return(ctx context.Context, id string) error
	// Record starts or stops the recording of an own call.
	Record(ctx context.Context, id string, on bool) error
	SetPresence(ctx context.Context, state call.PresenceState, reason string) error
	// TestRing has the hub ring this agent without a customer.
	TestRing(ctx context.Context) error
	// Day lists the agent's last calls, the newest first.
	Day(ctx context.Context) ([]wire.DayCall, error)
	// SetNetwork goes another way to the hub from now on. It never blocks.
	SetNetwork(agent.Network)
	// Shown is the delivery receipt of one surface. It never blocks.
	Shown(id, surface string, after time.Duration)
	// SignOut makes the token worthless.
	SignOut(ctx context.Context) error
	State() agent.State
}

// Supervisor is what the session of a supervisor can do besides. Floor returns at
// once; the others wait for the hub as those of [Session] do.
type Supervisor interface {
	// Floor is what the supervisor watches.
	Floor() agent.Floor
	// Trail tells why a call did, or did not, ring.
	Trail(ctx context.Context, id string) (trail.Story, error)
	// Assign has a call ring for one agent first.
	Assign(ctx context.Context, id, username string) error
	// Cancel closes a call.
	Cancel(ctx context.Context, id string) error
	// SetPresenceOf makes another agent ready, or pauses it.
	SetPresenceOf(ctx context.Context, username string, state call.PresenceState, reason string) error
}

// Hub is the way to a session.
type Hub interface {
	// SignIn trades a password for a token.
	SignIn(ctx context.Context, network agent.Network, hub, username, password string) (wire.SignedIn, error)
	// Session makes a session from a token. It connects when it is run.
	Session(options agent.Options) Session
}

// The patience with the hub.
const (
	signInPatience = 20 * time.Second
	answerPatience = 10 * time.Second
	// recordPatience is longer than the session waits for a reply: the hub itself
	// waits up to 10 s for Vidaoo.
	recordPatience = 20 * time.Second
)
