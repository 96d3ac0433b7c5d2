package agent

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
)

// Accept asks for a call. Success means that it is this agent's: a Taken event
// with the link comes with it. Losing it to another is an *Error with code
// "taken" whose sentence names the winner.
func (s *Session) Accept(ctx context.Context, id string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActAccept, Call: id})
}

// Decline gives an offer back.
func (s *Session) Decline(ctx context.Context, id string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActDecline, Call: id})
}

// Finish ends an own call.
func (s *Session) Finish(ctx context.Context, id, disposition, note string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActFinish, Call: id, Disposition: disposition, Note: note})
}

// Record starts or stops the recording of an own call. What is on, or off,
// already stays so.
func (s *Session) Record(ctx context.Context, id string, on bool) error {
	return s.ask(ctx, wire.Request{Type: wire.ActRecord, Call: id, On: on})
}

// SetPresence chooses ready, or paused with a reason.
func (s *Session) SetPresence(ctx context.Context, state call.PresenceState, reason string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActPresence, State: state, Reason: reason})
}

// Return gives an own call back: it rings for the others.
func (s *Session) Return(ctx context.Context, id string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActReturn, Call: id})
}

// Assign has a call ring for one agent first. For supervisors.
func (s *Session) Assign(ctx context.Context, id, username string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActAssign, Call: id, Agent: username})
}

// Cancel closes a call. For supervisors.
func (s *Session) Cancel(ctx context.Context, id string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActCancel, Call: id})
}

// SetPresenceOf makes another agent ready, or pauses it. For supervisors.
func (s *Session) SetPresenceOf(ctx context.Context, username string, state call.PresenceState, reason string) error {
	return s.ask(ctx, wire.Request{Type: wire.ActSetPresence, Agent: username, State: state, Reason: reason})
}

// TestRing has the hub ring this agent's apps without a customer.
func (s *Session) TestRing(ctx context.Context) error {
	return s.ask(ctx, wire.Request{Type: wire.ActTest})
}

// Shown tells the hub that a surface ("native", "window") showed a call, and
// how long after the app heard of it. It never blocks; without a connection
// the receipt is lost, as nobody would wait for it.
func (s *Session) Shown(id, surface string, after time.Duration) {
	l := s.current()
	if l == nil {
		return
	}
	go func() {
		r := wire.Request{Type: wire.ActShown, Call: id, Surface: surface, Ms: max(0, after.Milliseconds())}
		if err := l.post(r); err != nil {
			s.o.Logger.Info("delivery receipt not sent", "call", id, "surface", surface, "err", err)
		}
	}()
}

// Day lists the agent's last calls, the newest first.
func (s *Session) Day(ctx context.Context) ([]wire.DayCall, error) {
	var list []wire.DayCall
	if err := s.way().request(ctx, s.o.Hub, s.o.Token, http.MethodGet, "/api/v1/me/calls", nil, &list); err != nil {
		return nil, err
	}
	if l := s.current(); l != nil {
		for i := range list {
			list[i].At = wire.At(l.ours(list[i].At.Time))
		}
	}
	return list, nil
}

// Trail tells why a call did, or did not, ring, with times of the hub's clock. For
// supervisors.
func (s *Session) Trail(ctx context.Context, id string) (t trail.Story, err error) {
	err = s.way().request(ctx, s.o.Hub, s.o.Token, http.MethodGet, "/api/v1/calls/"+url.PathEscape(id)+"/trail", nil, &t)
	return t, err
}

// SignOut makes the token worthless. Run ends with ErrSignedOut if the hub is
// connected.
func (s *Session) SignOut(ctx context.Context) error {
	return s.way().revoke(ctx, s.o.Hub, s.o.Token)
}

func (s *Session) current() *link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link
}

// ask sends a request and makes a sentence of what goes wrong.
func (s *Session) ask(ctx context.Context, r wire.Request) error {
	l := s.current()
	if l == nil {
		return &Error{Sentence: lang.T("There is no connection to the hub. Deskbell is trying to get it back.")}
	}
	ctx, cancel := context.WithTimeout(ctx, replyTimeout)
	defer cancel()
	began := time.Now()
	reply, err := l.ask(ctx, r)
	s.o.Logger.Debug("request", "type", string(r.Type), "call", r.Call, "took", time.Since(began), "refused", reply.Error != nil, "err", err)
	if err != nil {
		return &Error{Sentence: unanswered(r), Cause: err}
	}
	if reply.Error != nil {
		return coded(reply.Error.Code, reply.Error.Message, reply.Error.By)
	}
	return nil
}

// unanswered says that nobody knows what became of a request, and where it will
// be seen.
func unanswered(r wire.Request) string {
	if r.Type == wire.ActRecord {
		return lang.T("The hub did not answer. The call shows whether it is being recorded when the connection is back.")
	}
	return lang.T("The hub did not answer. If the call is yours, it appears when the connection is back.")
}
