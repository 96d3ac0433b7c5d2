package wire

// Numbers are those of the queues that a supervisor sees, as its app shows them.
type Numbers struct {
	Time   Time             `json:"time"`
	Total  WallboardNumbers `json:"total"`
	Queues []WallboardQueue `json:"queues"`
	// Agents are those whose numbers have changed since the last time; in a
	// welcome, whose agents have theirs, there are none.
	Agents []AgentNumbers `json:"agents,omitempty"`
}

// AgentNumbers are an agent's calls of today.
type AgentNumbers struct {
	Username string `json:"username"`
	Answered int    `json:"answered"`
	Missed   int    `json:"missed"`
}
