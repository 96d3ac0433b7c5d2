package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	httpTimeout = 20 * time.Second
	maxAnswer   = 1 << 20
)

// SignIn trades a password for a token, over the network that the zero
// [Network] describes. hub is an address of NormalizeHub. All errors are of
// type *Error.
func SignIn(ctx context.Context, hub, username, password string) (wire.SignedIn, error) {
	return Network{}.SignIn(ctx, hub, username, password)
}

// SignIn trades a password for a token over this network.
func (n Network) SignIn(ctx context.Context, hub, username, password string) (wire.SignedIn, error) {
	var in wire.SignedIn
	err := n.request(ctx, hub, "", http.MethodPost, "/api/v1/sessions", wire.SignIn{Username: username, Password: password}, &in)
	return in, err
}

// revoke ends a token.
func (n Network) revoke(ctx context.Context, hub, token string) error {
	return n.request(ctx, hub, token, http.MethodDelete, "/api/v1/sessions/current", nil, nil)
}

func (n Network) request(ctx context.Context, hub, token, method, path string, in, out any) error {
	r, err := n.route(hub)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	_, err = r.request(ctx, token, method, path, in, out)
	return err
}

// request asks the hub once. The answer is there for its header, its body has
// been read into out.
func (r *route) request(ctx context.Context, token, method, path string, in, out any) (*http.Response, error) {
	request, err := r.newRequest(ctx, token, method, path, in)
	if err != nil {
		return nil, err
	}
	answer, err := r.do(request)
	if err != nil {
		return nil, r.unreachable(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, r.unreachable(err)
	}
	switch status := answer.StatusCode; {
	case status >= http.StatusBadRequest:
		return answer, refused(answer, data)
	case status >= http.StatusMultipleChoices:
		return answer, &Error{Sentence: lang.T("This address leads on to another one, and Deskbell follows to none. Ask your administrator for the hub's own address."), Cause: fmt.Errorf("answered %s", answer.Status)}
	}
	if out == nil {
		return answer, nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return answer, notAHub(err)
	}
	return answer, nil
}

func (r *route) newRequest(ctx context.Context, token, method, path string, in any) (*http.Request, error) {
	var body io.Reader // none, rather than an empty one: some firewalls let no GET with a body pass
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("encode request: %w", err)
		}
		body = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, r.hub.String()+path, body)
	if err != nil {
		return nil, &Error{Sentence: lang.T("That is no address of a hub."), Cause: err}
	}
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return request, nil
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
		return coded(p.Code, p.Detail, p.By)
	case answer.StatusCode >= http.StatusInternalServerError || answer.StatusCode == http.StatusTooManyRequests:
		return &Error{Sentence: lang.T("The hub is not ready. Try again in a moment."), Code: string(call.Unavailable), Cause: cause}
	default:
		return notAHub(cause)
	}
}

// coded makes a sentence of the hub's failure. What the app does not know it
// says as the hub did.
func coded(code call.Code, message, by string) error {
	switch {
	case code == call.Taken && by != "":
		message = lang.T("%s has the call.", by)
	case message == "":
		message = lang.T("The hub refused: %s.", code)
	default:
		message = lang.Known(message)
	}
	return &Error{Sentence: message, Code: string(code)}
}

// These are what the hub says to an agent.
var _ = []string{
	lang.Mark("Another agent has the call."),
	lang.Mark("The call has ended."),
	lang.Mark("The call does not ring for you."),
	lang.Mark("You have a call already: finish it first."),
	lang.Mark("The call is yours: finish it instead."),
	lang.Mark("There is no such call."),
	lang.Mark("The call's queue is gone: finish the call instead."),
	lang.Mark("Only supervisors may do that."),
	lang.Mark("Too many requests: wait a moment."),
	lang.Mark("This user is gone: sign in again."),
	lang.Mark("The hub can't write its log at the moment. Try again."),
	lang.Mark("Wrong username or password."),
	lang.Mark("Too many sign-ins: wait a minute and try again."),
	lang.Mark("A test rings already."),
	lang.Mark("Only the agent who accepted the call can record it."),
	lang.Mark("Calls of this queue are not recorded: an administrator allows it with 'queue set --recording'."),
	lang.Mark("The hub can't record: it has no API key of Vidaoo. An administrator stores one with 'deskbell-hub vidaoo connect'."),
	lang.Mark("The call can't be recorded: its webhook named no session. An administrator maps session_id with 'queue set --map'."),
	lang.Mark("The call has as many recordings as a call may have."),
	lang.Mark("Vidaoo started no recording: try again. The hub's log tells an administrator why."),
	lang.Mark("Vidaoo did not stop the recording: try again. The hub's log tells an administrator why."),
	lang.Mark("Vidaoo may be recording, but did not say what it calls the recording: stop it in the session. The hub's log tells an administrator why."),
	lang.Mark("The call can't have another recording now."),
	lang.Mark("The call has no such recording that is on."),
	lang.Mark("Too many requests wait for Vidaoo: wait for their answers."),
}

func notAHub(cause error) error {
	return &Error{Sentence: lang.T("There is no Deskbell hub at this address. Check the address with your administrator."), Cause: cause}
}

// unreachable says why the hub can't be reached.
func (r *route) unreachable(err error) error {
	var said *Error
	var dns *net.DNSError
	trouble, untrusted := certificateTrouble(err, hubCertificate(), time.Now())
	switch {
	case errors.As(err, &said): // the proxy, which knows better
		return said
	case errors.As(err, &dns):
		return &Error{Sentence: lang.T("The hub's address was not found. Check its spelling and your network."), Cause: err}
	case untrusted:
		return &Error{Sentence: trouble, Cause: err}
	case timedOut(err) && r.proxy != nil: // which of the two is silent is lost on the way
		return &Error{Sentence: lang.T("There is no answer through the proxy %s. Check it %s, and the hub's address.", r.proxy.Host, r.proxyPlace()), Cause: err}
	case timedOut(err):
		return &Error{Sentence: lang.T("The hub does not answer. Check your network and try again."), Cause: err}
	default:
		return &Error{Sentence: lang.T("The hub can't be reached. Check the address and your network."), Cause: err}
	}
}

func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout()
}
