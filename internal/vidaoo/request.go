package vidaoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/clean"
)

const (
	maxReply   = 4 << 20 // bytes of a reply that are read
	firstPause = 500 * time.Millisecond
	maxPause   = 30 * time.Second // longer than this, Vidaoo's wish is told and not waited for
)

// field is one key and value of a request's body.
type field struct {
	name  string
	value any // a text, or what is written as JSON
}

// call is one operation for one id, with its body.
type call struct {
	op     Operation
	id     string
	fields []field
	// secrets are what no error may repeat, beside the key and the password.
	secrets []string
}

// call asks for an operation, again if that is safe and may help, and returns the body of a 2xx reply.
func (c *Client) call(ctx context.Context, what call) ([]byte, error) {
	e, err := c.endpointOf(what)
	if err != nil {
		return nil, err
	}
	begun, signedInAgain := false, false // begun: an attempt that failed may have done it
	for attempt := 1; ; attempt++ {
		body, err := c.once(ctx, e, what)
		var status *StatusError
		if errors.As(err, &status) {
			if begun && e.method == http.MethodDelete && status.Gone() {
				return nil, nil // deleted by an attempt whose answer was lost
			}
			if status.Status == http.StatusUnauthorized && what.op != Login && !signedInAgain && c.signOut() {
				signedInAgain = true
				attempt--
				continue
			}
		}
		wait, again := c.again(e, attempt, err)
		if !again {
			return body, err
		}
		begun = status == nil || status.Status != http.StatusTooManyRequests
		if !pause(ctx, wait) {
			return nil, err
		}
	}
}

func (c *Client) endpointOf(what call) (endpoint, error) {
	e := c.settings.endpoint(what.op)
	switch {
	case e.method == "":
		return e, &UnsupportedError{what.op}
	case e.withID() && what.id == "":
		return e, fmt.Errorf("%s: the id is empty: name what is meant", what.op)
	}
	return e, nil
}

// again tells whether and after which pause to ask again: always if Vidaoo has not taken the request
// on, and otherwise only if twice has the effect of once.
func (c *Client) again(e endpoint, attempt int, err error) (time.Duration, bool) {
	wait := firstPause << (attempt - 1)
	wait = wait/2 + rand.N(wait/2) // many clients that failed together do not come back together
	if err == nil || attempt >= c.attempts {
		return 0, false
	}
	var status *StatusError
	var network *NetworkError
	switch {
	case errors.As(err, &status):
		if status.Status != http.StatusTooManyRequests && (status.Status < 500 || status.Status == http.StatusNotImplemented || !e.repeatable()) {
			return 0, false
		}
		wait = max(wait, status.RetryAfter)
	case errors.As(err, &network):
		if network.Sent && !e.repeatable() || errors.Is(err, context.Canceled) || lasting(err) {
			return 0, false
		}
	default:
		return 0, false
	}
	return wait, wait <= maxPause
}

// pause waits, unless the context ends before.
func pause(ctx context.Context, wait time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once sends a request and reads its whole answer within the timeout.
func (c *Client) once(ctx context.Context, e endpoint, what call) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := c.request(ctx, e, what)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, newNetworkError(what.op, e, c.base.Host, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReply+1))
	if response.StatusCode/100 != 2 {
		return nil, c.refusal(e, what, response, body)
	}
	if err != nil {
		return nil, newNetworkError(what.op, e, c.base.Host, err)
	}
	if len(body) > maxReply {
		return nil, &ReplyError{what.op, c.base.Host, "it is longer than 4 MiB; check base-url"}
	}
	return []byte(c.hide(string(body))), nil
}

// refusal is an answer without success.
func (c *Client) refusal(e endpoint, what call, response *http.Response, body []byte) *StatusError {
	return &StatusError{
		Operation: what.op, Status: response.StatusCode, endpoint: e,
		Message:    c.message(body, what.secrets),
		RetryAfter: retryAfter(response.Header.Get("Retry-After"), time.Now()),
	}
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// request writes a request, with what says who sends it.
func (c *Client) request(ctx context.Context, e endpoint, what call) (*http.Request, error) {
	body, contentType, err := encode(e.encoding, what.fields)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what.op, err)
	}
	request, err := http.NewRequestWithContext(ctx, e.method, c.base.String()+e.at(what.id), strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: the id %q can't stand in an address: check it", what.op, clean.Text(what.id, 80))
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	request.Header.Set("Accept", "application/json")
	return request, c.sign(ctx, request, what.op)
}

// sign adds the key, and with auth=login an access token.
func (c *Client) sign(ctx context.Context, request *http.Request, op Operation) error {
	if c.settings.Of(SettingAuth) != AuthLogin {
		request.Header.Set(c.settings.Of(SettingKeyHeader), string(c.key))
		return nil
	}
	request.Header.Set(c.settings.Of(SettingLoginKeyHeader), string(c.key))
	if op == Login {
		return nil
	}
	token, err := c.accessToken(ctx)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	return nil
}

func encode(encoding string, fields []field) (body, contentType string, err error) {
	switch encoding {
	case encodingJSON:
		object := map[string]any{}
		for _, f := range fields {
			object[f.name] = f.value
		}
		text, err := json.Marshal(object)
		if err != nil {
			return "", "", fmt.Errorf("what was given can't be written as JSON: %w", err)
		}
		return string(text), "application/json", nil
	case encodingForm:
		form := url.Values{}
		for _, f := range fields {
			text, ok := f.value.(string)
			if !ok {
				written, err := json.Marshal(f.value)
				if err != nil {
					return "", "", fmt.Errorf("%s can't be written as JSON: %w", f.name, err)
				}
				text = string(written)
			}
			form.Set(f.name, text)
		}
		return form.Encode(), "application/x-www-form-urlencoded", nil
	default:
		return "", "", nil
	}
}

// hide takes the client's secrets out of what a server wrote.
func (c *Client) hide(text string, more ...string) string {
	c.signingIn.Lock()
	token := c.token
	c.signingIn.Unlock()
	return hide(text, append([]string{string(c.key), string(token)}, more...)...)
}

// message takes what an error's reply says.
func (c *Client) message(body []byte, secrets []string) string {
	reply, err := decodeObject(body)
	if err != nil {
		return ""
	}
	said := firstText(reply, c.settings.paths(SettingMessage))
	return clean.Text(c.hide(said, append([]string{string(c.password)}, secrets...)...), 200)
}
