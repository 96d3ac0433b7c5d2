package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// refused is a request that the hub's API did not carry out.
type refused struct{ wire.Problem }

func (e *refused) Error() string { return fmt.Sprintf("the hub answered %s: %s", e.Code, e.Detail) }

// codeOf is why the API did not do it; unavailable for a fault.
func codeOf(err error) call.Code {
	var e *refused
	if errors.As(err, &e) {
		return e.Code
	}
	return call.Unavailable
}

// problemOf is what the API told of why it did not do it.
func problemOf(err error) wire.Problem {
	var e *refused
	if errors.As(err, &e) {
		return e.Problem
	}
	return wire.Problem{}
}

// ask sends a request to the hub's API with a token and reads what it answers
// into out; nil for neither. The page's own request tells where it comes from.
func (s *Site) ask(from *http.Request, token, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("ask the hub for %s: %w", path, err)
		}
		body = bytes.NewReader(data)
	}
	var a answer
	if err := s.pass(&a, from, token, method, path, body); err != nil {
		return err
	}
	if a.status >= 400 {
		return a.refusal()
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(a.body.Bytes(), out); err != nil {
		return fmt.Errorf("ask the hub for %s: %w", path, err)
	}
	return nil
}

// pass has the hub's API answer a request in process.
func (s *Site) pass(w http.ResponseWriter, from *http.Request, token, method, path string, body io.Reader) error {
	r, err := http.NewRequestWithContext(from.Context(), method, path, body)
	if err != nil {
		return fmt.Errorf("ask the hub: %w", err)
	}
	if body == nil {
		r.Body = http.NoBody // as a server has it
	}
	r.Host, r.RemoteAddr, r.RequestURI = from.Host, from.RemoteAddr, path
	for _, name := range []string{"X-Forwarded-For", "User-Agent", "Origin"} {
		if values := from.Header.Values(name); len(values) > 0 {
			r.Header[name] = values
		}
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	s.api.ServeHTTP(w, r)
	return nil
}

// answer keeps what the API answers.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

// refusal is the problem that the API answered with.
func (a *answer) refusal() error {
	var p wire.Problem
	if err := json.Unmarshal(a.body.Bytes(), &p); err != nil {
		return fmt.Errorf("the hub answered %d", a.status)
	}
	return &refused{p}
}

// SetWriteDeadline is for those who write for long; here is nothing to wait for.
func (a *answer) SetWriteDeadline(time.Time) error { return nil }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// faultsOf are the fields of a request that the API did not take.
func faultsOf(err error) []wire.Fault {
	var e *refused
	if errors.As(err, &e) {
		return e.Faults
	}
	return nil
}

// within has a refusal name the fields that are in a part of a request as that part
// does.
func within(part string, err error) error {
	var e *refused
	if !errors.As(err, &e) {
		return err
	}
	inner := &refused{e.Problem}
	inner.Faults = nil
	for _, fault := range e.Faults {
		fault.Field = strings.TrimPrefix(fault.Field, part)
		inner.Faults = append(inner.Faults, fault)
	}
	return inner
}

// detailOf is the sentence with which the API refused.
func detailOf(err error) string {
	var e *refused
	if errors.As(err, &e) {
		return e.Detail
	}
	return ""
}
