package agent

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	httpTimeout = 20 * time.Second
	maxAnswer   = 1 << 20
)

// SignIn trades a password for a token. hub is an address of NormalizeHub. All
// errors are of type *Error.
func SignIn(ctx context.Context, hub, username, password string) (wire.SignedIn, error) {
	var in wire.SignedIn
	err := request(ctx, hub, "", http.MethodPost, "/api/v1/sessions", wire.SignIn{Username: username, Password: password}, &in)
	return in, err
}

// revoke ends a token.
func revoke(ctx context.Context, hub, token string) error {
	return request(ctx, hub, token, http.MethodDelete, "/api/v1/sessions/current", nil, nil)
}

func request(ctx context.Context, hub, token, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, hub+path, bytes.NewReader(body))
	if err != nil {
		return &Error{Sentence: "That is no address of a hub.", Cause: err}
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := httpClient.Do(r)
	if err != nil {
		return unreachable(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return unreachable(err)
	}
	if answer.StatusCode >= http.StatusBadRequest {
		return refused(answer, data)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return notAHub(err)
	}
	return nil
}

// httpClient follows no redirect: a token goes only to the address that the
// person typed.
var httpClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// refused is what the hub's problem says. An answer without one comes from
// something else: a proxy before a hub that restarts, or another server.
func refused(answer *http.Response, data []byte) error {
	cause := fmt.Errorf("answered %s", answer.Status)
	var p wire.Problem
	switch isProblem := json.Unmarshal(data, &p) == nil && p.Code != ""; {
	case isProblem && p.Code == wire.CodeUnauthorized && answer.Request.Method == http.MethodGet:
		return ErrSignInAgain // a token was no good, not a password
	case isProblem:
		return coded(p.Code, p.Detail)
	case answer.StatusCode >= http.StatusInternalServerError || answer.StatusCode == http.StatusTooManyRequests:
		return &Error{Sentence: "The hub is not ready. Try again in a moment.", Code: string(call.Unavailable), Cause: cause}
	default:
		return notAHub(cause)
	}
}

// coded makes a sentence of the hub's code and message.
func coded(code call.Code, message string) error {
	if message == "" {
		message = "The hub refused: " + string(code) + "."
	}
	return &Error{Sentence: message, Code: string(code)}
}

func notAHub(cause error) error {
	return &Error{Sentence: "There is no Deskbell hub at this address. Check the address with your administrator.", Cause: cause}
}

// unreachable says why the hub can't be reached.
func unreachable(err error) error {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &dns):
		return &Error{Sentence: "The hub's address was not found. Check its spelling and your network.", Cause: err}
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid):
		return &Error{Sentence: "The hub's certificate is not trusted here. Ask your administrator.", Cause: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Sentence: "The hub does not answer. Check your network and try again.", Cause: err}
	default:
		return &Error{Sentence: "The hub can't be reached. Check the address and your network.", Cause: err}
	}
}
