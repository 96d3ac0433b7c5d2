package web

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	boardEvery  = time.Second // how often the numbers are looked at
	repeatEvery = 5           // how many looks until they are told though nothing has changed
	chartsEvery = 5           // and until the charts are looked at
	maxWatchers = 500
	maxUnsent   = 8 // events that wait for one watcher
)

// watches tell the screens that show a wallboard. All who see the same queues
// share one look at the hub and one encoding.
type watches struct {
	site  *Site
	every time.Duration

	mu     sync.Mutex
	shared map[string]*watch // by what they see
	count  int
	closed bool
	over   chan struct{} // closed when the site is
	tasks  sync.WaitGroup
}

func newWatches(s *Site) *watches {
	return &watches{site: s, every: boardEvery, shared: map[string]*watch{}, over: make(chan struct{})}
}

// watch is one look at the hub, and those who are told.
type watch struct {
	sees     string
	stop     context.CancelFunc
	open     int // streams that have not ended
	watchers map[*watcher]bool
	said     map[string][]byte // the last event of each kind, for who comes later
	soon     bool              // somebody came later: what was said is old
}

// watcher is one screen.
type watcher struct {
	of      *watch
	request *http.Request
	token   string
	events  chan []byte // closed when it does not keep up, or may not watch any more
}

// close ends all streams: screens come again.
func (ws *watches) close() {
	ws.mu.Lock()
	if !ws.closed {
		ws.closed = true
		close(ws.over)
	}
	ws.mu.Unlock()
	ws.tasks.Wait()
}

// join has a screen told from now on, beginning with what was said last.
func (ws *watches) join(sees string, r *http.Request, token string) (*watcher, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.closed || ws.count >= maxWatchers {
		return nil, &refused{wire.Problem{Code: call.TooMany}}
	}
	w := ws.shared[sees]
	if w == nil {
		w = ws.begin(sees)
	}
	one := &watcher{of: w, request: r, token: token, events: make(chan []byte, maxUnsent)}
	for _, kind := range []string{"board", "charts"} {
		if event := w.said[kind]; event != nil {
			one.events <- event
			w.soon = true
		}
	}
	w.watchers[one] = true
	w.open++
	ws.count++
	return one, nil
}

func (ws *watches) begin(sees string) *watch {
	ctx, stop := context.WithCancel(context.Background())
	w := &watch{sees: sees, stop: stop, watchers: map[*watcher]bool{}, said: map[string][]byte{}}
	ws.shared[sees] = w
	ws.tasks.Go(func() { ws.look(ctx, w) })
	return w
}

// leave tells a screen no more. The last one ends the look.
func (ws *watches) leave(one *watcher) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := one.of
	delete(w.watchers, one)
	ws.count--
	if w.open--; w.open == 0 {
		w.stop()
		delete(ws.shared, w.sees)
	}
}

// look looks at the hub until nobody watches any more.
func (ws *watches) look(ctx context.Context, w *watch) {
	tick := time.NewTicker(ws.every)
	defer tick.Stop()
	for n := 0; ; n++ {
		ws.tell(ctx, w, "board", n%repeatEvery == 0)
		if n%chartsEvery == 0 {
			ws.tell(ctx, w, "charts", false)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		case <-ws.over:
			return
		}
	}
}

// sources are where the events of a stream come from.
var sources = map[string]string{"board": "/api/v1/wallboard", "charts": "/api/v1/wallboard/charts"}

// tell asks the hub with one watcher's token, and tells all what is new.
func (ws *watches) tell(ctx context.Context, w *watch, kind string, anyway bool) {
	one := w.any(&ws.mu)
	if one == nil {
		return
	}
	r := one.request.WithContext(ctx)
	sees, err := ws.site.sees(r, one.token)
	var got json.RawMessage
	if err == nil && sees == w.sees {
		err = ws.site.ask(r, one.token, "GET", sources[kind], nil, &got)
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	switch {
	case isRefusal(err), err == nil && sees != w.sees:
		w.end(one) // it comes again, as what it is now
	case err == nil:
		w.say(kind, encode(kind, got), anyway, ws.site.log)
	}
}

// any is one of those who watch.
func (w *watch) any(mu *sync.Mutex) *watcher {
	mu.Lock()
	defer mu.Unlock()
	for one := range w.watchers {
		return one
	}
	return nil
}

// say tells all who watch, if it is new. The lock is held.
func (w *watch) say(kind string, event []byte, anyway bool, log *slog.Logger) {
	if !anyway && !w.soon && sameNumbers(w.said[kind], event) {
		return
	}
	w.said[kind], w.soon = event, false
	for one := range w.watchers {
		select {
		case one.events <- event:
		default: // it does not keep up: it comes again, and delays nobody
			log.Warn("a wallboard does not keep up; it is closed")
			w.end(one)
		}
	}
}

// end ends one screen's stream. The lock is held.
func (w *watch) end(one *watcher) {
	if w.watchers[one] {
		delete(w.watchers, one)
		close(one.events)
	}
}

// isRefusal tells whether a token may not watch any more.
func isRefusal(err error) bool {
	code := codeOf(err)
	return err != nil && (code == wire.CodeUnauthorized || code == call.Forbidden)
}

// encode makes an event of a stream. JSON has no line breaks of its own.
func encode(kind string, data json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteString("event: " + kind + "\ndata: ")
	_ = json.Compact(&b, data) // it was read as JSON
	b.WriteString("\n\n")
	return b.Bytes()
}

// sameNumbers tells whether two events differ in nothing but the time that goes by.
func sameNumbers(a, b []byte) bool {
	return a != nil && bytes.Equal(goesBy.ReplaceAll(a, nil), goesBy.ReplaceAll(b, nil))
}

var goesBy = regexp.MustCompile(`"time":"[^"]*"|"longest_wait_seconds":[0-9]+`)
