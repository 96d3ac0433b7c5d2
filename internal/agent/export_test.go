package agent

import "time"

// Within gives each step of a connection test a shorter deadline.
func (o DiagnoseOptions) Within(patience time.Duration) DiagnoseOptions {
	o.patience = patience
	return o
}

// Sleeping has the session ask wall for the time, often.
func (s *Session) Sleeping(wall func() time.Time) {
	s.sleep = sleepWatch{every: time.Millisecond, wall: wall}
}
