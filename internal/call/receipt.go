package call

import "time"

// Receipt tells that a surface showed a call to an agent.
type Receipt struct {
	Agent   string    `json:"agent"`
	Surface string    `json:"surface"` // native, window
	Ms      int64     `json:"ms"`      // since the app heard of the offer
	At      time.Time `json:"at"`
}
