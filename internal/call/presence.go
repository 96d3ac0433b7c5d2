package call

import "time"

// PresenceState is whether an agent can be rung.
type PresenceState string

// The presence states. An agent chooses ready or paused; the others are derived.
const (
	Offline PresenceState = "offline" // no app of the agent is connected
	Ready   PresenceState = "ready"
	Paused  PresenceState = "paused"
	Busy    PresenceState = "busy" // has a call
)

// Presence is an agent's state since a time, with the reason of a pause.
type Presence struct {
	State  PresenceState `json:"state"`
	Reason string        `json:"reason,omitempty"`
	Since  time.Time     `json:"since"`
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
