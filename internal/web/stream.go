package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	admitEvery = 15 * time.Second // how often a screen has to prove itself
	writeLimit = 10 * time.Second
)

// sees names what the holder of a token sees on a wallboard. Who sees the same
// has the same name.
func (s *Site) sees(r *http.Request, token string) (string, error) {
	var me wire.Me
	err := s.ask(r, token, "GET", "/api/v1/me", nil, &me)
	switch {
	case codeOf(err) == call.Forbidden && err != nil: // a wallboard's token is nobody's
		sum := sha256.Sum256([]byte(token))
		return "wallboard " + hex.EncodeToString(sum[:]), nil
	case err != nil:
		return "", err
	case me.User.Role == call.RoleAdmin || len(me.User.Supervises) == 0:
		return "everything", nil
	default:
		return "queues " + strings.Join(me.User.Supervises, " "), nil
	}
}

// ownPage tells whether a stream is asked for by a page of ours.
func (s *Site) ownPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	return origin == "" || origin == s.origin || err == nil && strings.EqualFold(u.Host, r.Host)
}

// stream is GET /wallboard/live: server-sent events until one side ends it.
func (s *Site) stream(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.ownPage(r) {
		s.log.Warn("another site asked for the wallboard", "path", r.URL.Path)
		http.Error(w, "This stream is for the wallboard's own page.", http.StatusForbidden)
		return
	}
	sees, err := s.sees(r, v.token)
	var one *watcher
	if err == nil {
		one, err = s.watches.join(sees, r, v.token)
	}
	if err != nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "The wallboard can't be watched now. Try again.", wire.Status(codeOf(err)))
		return
	}
	defer s.watches.leave(one)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep events back
	s.tellScreen(w, r, one)
}

// errChanged is said of a screen that sees something else now.
var errChanged = errors.New("what the screen may see has changed")

// tellScreen writes events to a screen until one side ends it.
func (s *Site) tellScreen(w http.ResponseWriter, r *http.Request, one *watcher) {
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	out.err = out.control.SetReadDeadline(time.Time{}) // nothing more is read
	out.write([]byte("event: version\ndata: " + s.assets.version + "\n\n"))
	again := time.NewTicker(admitEvery)
	defer again.Stop()
	for out.err == nil {
		select {
		case event, more := <-one.events:
			if !more {
				return
			}
			out.write(event)
		case <-again.C:
			if sees, err := s.sees(r, one.token); err != nil || sees != one.of.sees {
				out.err = errChanged
			}
		case <-r.Context().Done():
			return
		case <-s.watches.over:
			return
		}
	}
}

// eventWriter writes events, each with a deadline of its own: the server's is
// for answers that end.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (e *eventWriter) write(event []byte) {
	for _, do := range []func() error{
		func() error { return e.control.SetWriteDeadline(time.Now().Add(writeLimit)) },
		func() error { _, err := e.w.Write(event); return err },
		e.control.Flush,
	} {
		if e.err == nil {
			e.err = do()
		}
	}
}
