package outbound

import (
	"context"
	"net/http"
	"net/netip"
)

// Admits tells whether requests may go to an address.
func (t Target) Admits(a netip.Addr) error { return t.admits(a) }

// Failure says in words why a request got no answer.
func Failure(err error) error { return failure(err) }

// Connect sends a request whose target was not checked before.
func (c *Client) Connect(ctx context.Context, t Target) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, nil)
	if err != nil {
		return err
	}
	answer, err := c.transports[kind{t.Private, t.plain()}].RoundTrip(r)
	if err != nil {
		return failure(err)
	}
	return answer.Body.Close()
}
