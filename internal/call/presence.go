package call

import "time"

// PresenceState is whether an agent can be rung.
type PresenceState string

// The presence states. An agent chooses ready or paused; the others are derived.
const (
	Offline PresenceState = "offline" // no app of the agent is connected
	Ready   PresenceState = "ready"
	Paused  PresenceState = "paused"
	Busy    PresenceState = "busy"    // has a call
	WrapUp  PresenceState = "wrap-up" // has time for what is left to do after a call
)

// Cause is who or what paused an agent (or made it ready), if not the agent.
type Cause string

// The causes.
const (
	CauseSignIn     Cause = "sign-in"    // the hub has agents sign in paused
	CauseMissed     Cause = "missed"     // too many offers in a row were not answered
	CauseSupervisor Cause = "supervisor" // a supervisor set the state
)

// Presence is an agent's state since a time, with the reason of a pause.
type Presence struct {
	State  PresenceState `json:"state"`
	Reason string        `json:"reason,omitempty"`
	Cause  Cause         `json:"cause,omitempty"`
	Since  time.Time     `json:"since"`
	Until  time.Time     `json:"until,omitzero"` // of wrap-up: when it ends by itself
	// Away tells that the last connection is lost: the state holds for a grace,
	// but no call can be offered.
	Away bool `json:"away,omitempty"`
}

// Same tells whether two presences differ in nothing that others are told.
func (p Presence) Same(q Presence) bool {
	return p.State == q.State && p.Reason == q.Reason && p.Cause == q.Cause && p.Until.Equal(q.Until)
}

// Role is what a user may do; each role includes the one before.
type Role string

// The roles.
const (
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleAdmin      Role = "admin"
)

// Roles lists them in rising order.
var Roles = []Role{RoleAgent, RoleSupervisor, RoleAdmin}

// Supervises tells whether the role may watch other agents and their calls.
func (r Role) Supervises() bool { return r == RoleSupervisor || r == RoleAdmin }
