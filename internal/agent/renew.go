package agent

import "context"

// newWay is the problem of a session that was cut off by SetNetwork.
const newWay = "Deskbell connects anew, with the network settings that were changed."

// SetNetwork has the session go another way to the hub, from now on: the
// connection, or the try for one, is given up and made anew. Check the network
// first.
func (s *Session) SetNetwork(n Network) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.network == n {
		return
	}
	s.network = n
	select {
	case s.renew <- struct{}{}:
	default: // nobody has seen the last change yet
	}
	if s.drop != nil {
		s.drop()
	}
}

// way is the network that the session goes by.
func (s *Session) way() Network {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.network
}

// droppable is the context of the next connection. What changed before it is
// made is in it already.
func (s *Session) droppable(ctx context.Context) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.renew:
	default:
	}
	if s.drop != nil {
		s.drop() // the one before has ended
	}
	ctx, s.drop = context.WithCancel(ctx)
	return ctx
}

// renewed tells whether the connection was given up for another network.
func (s *Session) renewed() bool {
	select {
	case <-s.renew:
		return true
	default:
		return false
	}
}
