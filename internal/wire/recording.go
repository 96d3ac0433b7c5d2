package wire

// Recording is a recording of a call's session.
type Recording struct {
	ID      string `json:"id"`
	Started Time   `json:"started"`
	Stopped Time   `json:"stopped,omitzero"`
	By      string `json:"by"` // the username of who started it
}
