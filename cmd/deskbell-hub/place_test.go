package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// place is a server outside to which a hub sends: Motion, or a hook's.
type place struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	body   string
	got    []string
	more   chan struct{} // closed and renewed at each request
}

func newPlace() *place {
	p := &place{status: http.StatusOK, body: `{"interaction":{"id":4711}}`, more: make(chan struct{})}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // one that is cut stands as far as it came
		p.mu.Lock()
		p.got = append(p.got, fmt.Sprintf("%s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), body))
		status, answer := p.status, p.body
		close(p.more)
		p.more = make(chan struct{})
		p.mu.Unlock()
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer) // a killed hub reads it no more
	}))
	return p
}

// cmdPlace is a server outside:
//
//	place NAME open             it runs, and $NAME is its address
//	place NAME answers STATUS   from now on
//	place NAME got N            so many requests came; the last is printed
func cmdPlace(ts *testscript.TestScript, _ bool, args []string) {
	w := the(ts)
	name, do, rest := args[0], args[1], append(args[2:], "")
	if do == "open" {
		w.places[name] = newPlace()
		ts.Setenv(name, w.places[name].URL)
		return
	}
	n, err := strconv.Atoi(rest[0])
	ts.Check(err)
	p := w.places[name]
	if do == "answers" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.status = n
		return
	}
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		got, more := p.got, p.more
		p.mu.Unlock()
		if len(got) >= n {
			fmt.Fprintln(ts.Stdout(), got[len(got)-1])
			return
		}
		select {
		case <-more:
		case <-deadline:
			ts.Fatalf("%s got only %q", name, got)
		}
	}
}
