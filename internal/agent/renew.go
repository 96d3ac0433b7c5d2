package agent

import (
	"context"

	"github.com/deskbell/deskbell/internal/lang"
)

// Why a connection is made anew although nothing is wrong with it.
var (
	errNewWay error = &Error{Sentence: lang.Mark("Deskbell connects anew, with the network settings that were changed.")}
	errSlept  error = &Error{Sentence: lang.Mark("This computer was asleep, and no call could ring. Deskbell connects again.")}
)

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
	s.again(errNewWay)
}

// again has the connection made anew. The session is locked.
func (s *Session) again(why error) {
	select {
	case s.renew <- why:
	default: // nobody has seen the last reason yet
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

// renewed tells why the connection was given up, if that was the app's own doing.
func (s *Session) renewed() error {
	select {
	case why := <-s.renew:
		return why
	default:
		return nil
	}
}
