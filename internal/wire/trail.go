package wire

// CallTrail tells what became of a call and why it did, or did not, ring for
// each agent, in English sentences with the hub's times.
type CallTrail struct {
	Call    Call         `json:"call"`
	Summary string       `json:"summary"`
	Agents  []TrailAgent `json:"agents"` // those whom it rang first
}

// TrailAgent is a call's story for one agent.
type TrailAgent struct {
	Username string   `json:"agent"`
	Name     string   `json:"name"`
	Rang     bool     `json:"rang"`
	Words    []string `json:"words"` // a line each
}
