package web

import "time"

// Hurry has wallboards look at the hub more often.
func (s *Site) Hurry(every time.Duration) { s.watches.every = every }
